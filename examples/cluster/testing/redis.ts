/** A Redis of the test's own, on a port of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { installPackage, succeeds } from '../../../scripts/debian.js';

export interface TestRedis {
  /** @param database one for each test */
  url(database: number): string;
  /** Kills it, and starts it again with what its append-only file has. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(folder: string): Promise<TestRedis> {
  const isHere = (): boolean => succeeds(['redis-server', '--version']);
  if (!isHere() && !(installPackage('redis-server') && isHere()))
    throw new Error("no redis-server: install Debian's package redis-server, or Redis itself");
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const flags = ['--port', `${port}`, '--dir', folder, '--save', '', '--appendonly', 'yes'];
    const server = spawn('redis-server', [...flags, '--appendfsync', 'always']);
    for await (const text of server.stdout)
      if (/ready to accept/i.test(String(text))) return server;
    throw new Error('redis-server ended before it was ready');
  };
  let server = await start();
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  };
  return {
    url: (database) => `redis://127.0.0.1:${port}/${database}`,
    async restart() {
      await stop();
      server = await start();
    },
    stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
