/** Options as tables: each has its check and its default once, and the types follow from it. */
import { checkOptions } from './checks.js';
import type { Check } from './checks.js';

/** An option: its check and its default. */
export interface Option<T> {
  readonly check: Check<T>;
  readonly defaultValue: () => T;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The options that a caller may pass. */
export type OptionsOf<Table> = {
  -readonly [Name in keyof Table]?: Table[Name] extends Option<infer T> ? T | undefined : never;
};

/** The values of the options once they have been read. */
export type ValuesOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer T> ? T : never;
};

/**
 * Makes a table of options; a call marked as pure is dropped by bundlers where it is not used,
 * which a bare object with calls in it is not.
 */
export function optionTable<Table extends OptionTable>(make: () => Table): Table {
  return make();
}

/** Makes an option of its check and its default. */
export function option<T>(check: Check<T>, defaultValue: T): Option<T> {
  return { check, defaultValue: () => defaultValue };
}

/** Makes an option whose default is made anew for each call. */
export function optionMadeBy<T>(check: Check<T>, defaultValue: () => T): Option<T> {
  return { check, defaultValue };
}

/** Makes a check pass `undefined` too, for an option without default. */
export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (argument, value) => {
    if (value !== undefined) check(argument, value);
  };
}

/** Checks the options that a table has, and fills in the defaults. */
export function readOptions<Table extends OptionTable>(
  table: Table,
  options: object,
): ValuesOf<Table> {
  const values: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(table)) {
    const check: Option<unknown>['check'] = entry.check;
    const value = (options as Record<string, unknown>)[name];
    if (value !== undefined) check(name, value);
    values[name] = value === undefined ? entry.defaultValue() : value;
  }
  return values as ValuesOf<Table>;
}

/** @throws TypeError unless `options` is an object, all of whose keys are in a table */
export function checkKnown(options: unknown, ...tables: readonly OptionTable[]): void {
  checkOptions(
    options,
    tables.flatMap((table) => Object.keys(table)),
  );
}

/** Leaves out the options that are undefined, so that defaults may stand before them. */
export const definedOptions = <Options extends object>(options: Options): Partial<Options> =>
  Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<Options>;
