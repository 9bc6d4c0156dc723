/** How the page calls things. */
import { optionsOf, PLAIN, titleOfMethod } from './library.js';
import { SLOW_KINDS } from './state.js';
import type { Classifier, MapKind, Run, Settings, State } from './state.js';

export function nameOf({ labels }: Classifier, index: number): string {
  return labels?.[index] ?? `class ${index}`;
}

/** What an error says, in one line. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0]!;
}

/** 0.2816 as '28 %'; what is no probability as a number. */
export function scoreText(score: number): string {
  return score >= 0 && score <= 1 ? `${Math.round(score * 100)} %` : score.toFixed(2);
}

/** The title of a map's card. */
export function titleOf(
  kind: MapKind,
  { classifier, classIndex, against, run, settings }: State,
): string {
  const one = run?.classIndex ?? classIndex;
  const other = run === undefined ? against : run.against;
  const names = [one, other].map((index) => (index === undefined ? '' : nameOf(classifier, index)));
  switch (kind) {
    case 'smooth':
      return other === undefined ? kindTitle(kind, run?.settings ?? settings) : names[0]!;
    case 'against':
      return names[1]!;
    case 'difference':
      return 'Difference';
    default:
      return titleOfMethod(kind);
  }
}

/** The title of a map of one class. */
export function kindTitle(kind: MapKind, { method }: Pick<Settings, 'method'>): string {
  if (kind !== 'smooth') return titleOfMethod(kind);
  if (method === PLAIN) return 'SmoothGrad';
  const title = titleOfMethod(method);
  return `Smooth ${title.includes('-CAM') ? title : title.toLowerCase()}`;
}

/** What a map is made of, in a few words. */
export function detailOf(kind: MapKind, { run, classifier, failed }: State): string {
  if (run === undefined) return '';
  if (failed[kind] !== undefined) return failed[kind];
  switch (kind) {
    case 'difference':
      return `red: more for ${nameOf(classifier, run.classIndex)}`;
    case 'smooth':
    case 'against':
      return samplesText(run);
    default: {
      const { steps, maxChannels, samples, relu } = optionsOf(kind);
      if (steps !== undefined) return `${String(steps)} steps from black`;
      if (maxChannels !== undefined) return `by ${String(maxChannels)} channels`;
      if (samples !== undefined) return `by ${String(samples)} masks`;
      if (SLOW_KINDS.includes(kind)) return 'by many passes';
      return relu === true ? 'by one layer' : 'without noise';
    }
  }
}

function samplesText({ mapSamples }: Run): string {
  return mapSamples === 1 ? '1 sample' : `${mapSamples} samples`;
}

/** The sentence under the photo, and the alternative text of the map over it. */
export function captionOf(state: State): string {
  const { run, shown, classifier, maps, photo, scores } = state;
  if (photo === undefined) return '';
  if (run === undefined || !maps.includes(shown)) return photo.description;
  const name = (index: number): string =>
    `“${nameOf(classifier, index)}” (${scoreText(scores?.[index] ?? NaN)})`;
  if (shown === 'difference') {
    return `Where the score of ${name(run.classIndex)} (red) and where that of ${name(run.against!)} (blue) is the more sensitive.`;
  }
  const explained = shown === 'against' ? run.against! : run.classIndex;
  const isSmooth = shown === 'smooth' || shown === 'against';
  const method = isSmooth ? kindTitle('smooth', run.settings) : titleOfMethod(shown);
  const isCam = !isSmooth && optionsOf(shown)['relu'] === true;
  const subject = isCam
    ? `Where the model looked for ${name(explained)}`
    : `What the score of ${name(explained)} is sensitive to`;
  return `${subject}: ${method}, ${detailOf(shown, state)}.`;
}

/** For those who cannot see it. */
export function altOf(kind: MapKind, state: State): string {
  if (!state.maps.includes(kind)) return `${titleOf(kind, state)}: no map yet`;
  return `${titleOf(kind, state)}, ${detailOf(kind, state)}: brightest ${state.brightest[kind] ?? 'nowhere'}`;
}
