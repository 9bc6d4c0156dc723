import { InputError } from './run.js';

/** The text of a flag that has to be given. */
export function required(flag: string, text: string | undefined): string {
  if (text === undefined || text === '') throw new InputError(`--${flag} is missing`);
  return text;
}

export function positiveInteger(flag: string, text: string): number {
  if (!/^[0-9]+$/.test(text) || Number(text) < 1 || !Number.isSafeInteger(Number(text))) {
    throw new InputError(`--${flag} must be a positive integer, got '${text}'`);
  }
  return Number(text);
}

export function positiveNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InputError(`--${flag} must be a number > 0, got '${text}'`);
  }
  return value;
}
