import { InputError } from './run.js';

/** The text of a flag that has to be given. */
export function required(flag: string, text: string | undefined): string {
  if (text === undefined || text === '') throw new InputError(`--${flag} is missing`);
  return text;
}

/** The library takes no more samples; seeds could be larger, but need not be. */
const GREATEST_INTEGER = 2 ** 20;

export function positiveInteger(flag: string, text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < 1)
    throw new InputError(`--${flag} must be a positive integer, got '${text}'`);
  if (value > GREATEST_INTEGER)
    throw new InputError(`--${flag} must be at most ${GREATEST_INTEGER}, got ${text}`);
  return value;
}

export function positiveNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InputError(`--${flag} must be a number > 0, got '${text}'`);
  }
  return value;
}

export function fraction(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InputError(`--${flag} must be a number in 0..1, got '${text}'`);
  return value;
}
