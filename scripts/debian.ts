/** Debian's packages, for tests on machines that lack them. */
import { spawnSync } from 'node:child_process';

/** Installs a package where that may be done unasked: as root, or by sudo without a password. */
export function installPackage(name: string): boolean {
  const root = asRoot();
  if (root === undefined || !succeeds(['apt-get', '--version'])) return false;
  console.log(`Installing Debian's package ${name} by apt-get.`);
  const apt = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  const install = [...apt, 'install', '-y', '-q', '--no-install-recommends', name];
  return succeeds([...apt, 'update', '-q']) && succeeds(install);
}

/** What to put before a command that root runs; undefined where that would ask for a password. */
function asRoot(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return succeeds(['sudo', '-n', 'true']) ? ['sudo', '-n'] : undefined;
}

/** Whether a command is there and ends well; what it prints goes to stderr if it fails. */
export function succeeds([command, ...args]: string[]): boolean {
  const { status, stderr } = spawnSync(command!, args, { encoding: 'utf8' });
  if (status !== 0 && stderr) console.error(stderr.trimEnd());
  return status === 0;
}
