import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder that is removed after the tests of the file. */
export interface TemporaryFolder {
  readonly folder: string;
  /** The path of a file or folder in it. */
  at(...names: string[]): string;
  /** Writes a file, and the folders on its way; what is no text or bytes becomes JSON. */
  write(name: string, content: unknown): string;
}

export function temporaryFolder(): TemporaryFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const at = (...names: string[]) => path.join(folder, ...names);
  return {
    folder,
    at,
    write(name, content) {
      const file = at(name);
      mkdirSync(path.dirname(file), { recursive: true });
      const isRaw = typeof content === 'string' || content instanceof Uint8Array;
      writeFileSync(file, isRaw ? content : JSON.stringify(content));
      return file;
    },
  };
}
