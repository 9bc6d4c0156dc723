/** Options as tables: each has its check and its default once, and the types follow from it. */
import { checkOptions } from './checks.js';
import type { Check } from './checks.js';

/** One option: how it is checked, and what it is where it is not given. */
export interface Option<T> {
  readonly check: Check<T>;
  readonly defaultValue: () => T;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What a caller may give. */
export type OptionsOf<Table> = {
  -readonly [Name in keyof Table]?: Table[Name] extends Option<infer T> ? T | undefined : never;
};

/** What the options are once they have been read. */
export type ValuesOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer T> ? T : never;
};

/** An option with its check and its default. */
/* @__NO_SIDE_EFFECTS__ */
export function option<T>(check: Check<T>, defaultValue: T): Option<T> {
  return { check, defaultValue: () => defaultValue };
}

/** An option whose default is made anew for each call. */
/* @__NO_SIDE_EFFECTS__ */
export function optionMadeBy<T>(check: Check<T>, defaultValue: () => T): Option<T> {
  return { check, defaultValue };
}

/** A check that lets `undefined` pass, for an option that has no default. */
/* @__NO_SIDE_EFFECTS__ */
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

/** @throws TypeError for options that are no bag, or that no table has */
export function checkKnown(options: unknown, ...tables: readonly OptionTable[]): void {
  checkOptions(
    options,
    tables.flatMap((table) => Object.keys(table)),
  );
}
