/** Detects the end of a worker by a lock that it holds: browsers have no event for it. */

/** The parts that only browsers have, and only on pages of https or localhost. */
const locksOf = (): LockManager | undefined =>
  (globalThis.navigator as Partial<Navigator> | undefined)?.locks;

/**
 * Takes a lock in a worker, until the worker ends.
 * @returns the lock's name once it is held; undefined without locks
 */
export async function holdWorkerLock(): Promise<string | undefined> {
  const locks = locksOf();
  if (locks === undefined) return undefined;
  const name = `tfjs-saliency worker ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
  return new Promise((resolve) => {
    const hold = (): Promise<never> => {
      resolve(name);
      return new Promise(() => undefined);
    };
    locks.request(name, hold).catch(() => {
      resolve(undefined);
    });
  });
}

/** Calls `onEnd` when the worker that holds the lock has ended, on the page's side. */
export function watchWorkerLock(name: string, onEnd: () => void): void {
  locksOf()
    ?.request(name, onEnd)
    .catch(() => undefined); // a page without permission is not notified
}
