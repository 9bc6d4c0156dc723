import { toBeNamed } from '../inFunction.js';

/**
 * Imports a package that the library works without.
 *
 * @param load - the import, written out so that bundlers see it
 * @throws Error that says what to install if the package is not there.
 */
export async function importOptional<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing =
      (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') &&
      message.includes(`'${name}'`);
    if (!isMissing) throw error;
    const reason = `needs the package ${name}, which is not installed: npm install ${name}`;
    throw toBeNamed(new Error(reason, { cause: error }));
  }
}
