import { InputError } from '../shared/run.js';

/** Class indices by score, the greatest first. */
export function ranking(scores: Float32Array): number[] {
  return [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
}

/**
 * @param text - an index, a label, or 'argmax'
 * @throws InputError if it is none of them.
 */
export function findClass(
  text: string,
  scores: Float32Array,
  labels: readonly string[] | undefined,
): number {
  if (text === 'argmax') return ranking(scores)[0]!;
  if (/^[0-9]+$/.test(text)) {
    if (Number(text) < scores.length) return Number(text);
    throw new InputError(
      `--class must be less than ${scores.length}, the number of classes, got ${text}`,
    );
  }
  const index = labels?.indexOf(text) ?? -1;
  if (index !== -1) return index;
  const expected =
    labels === undefined
      ? "an index or 'argmax' (names need --labels)"
      : "an index, a name or 'argmax'";
  throw new InputError(`--class must be ${expected}, got '${text}'`);
}

/** 'bowl (45)', or without labels 'class 45'. */
export function nameOf(index: number, labels: readonly string[] | undefined): string {
  return labels === undefined ? `class ${index}` : `${labels[index]!} (${index})`;
}

/**
 * The five classes of the highest scores, and the one that is explained, marked: '0.2816  bowl (45)
 *  <- explained'.
 */
export function describeTop(
  explained: number,
  scores: Float32Array,
  labels: readonly string[] | undefined,
): string {
  const top = ranking(scores).slice(0, 5);
  const shown = top.includes(explained) ? top : [...top, explained];
  const lineOf = (index: number) => `${scores[index]!.toFixed(4)}  ${nameOf(index, labels)}`;
  return shown
    .map((index) => (index === explained ? `${lineOf(index)}  <- explained` : lineOf(index)))
    .join('\n');
}
