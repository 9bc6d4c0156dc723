/** How the page calls things. */
import { INTEGRATION_STEPS } from './steps.js';
import type { Classifier, MapKind, Run, State } from './state.js';

export function nameOf({ labels }: Classifier, index: number): string {
  return labels?.[index] ?? `class ${index}`;
}

/** 0.2816 as '28 %'; what is no probability as a number. */
export function scoreText(score: number): string {
  return score >= 0 && score <= 1 ? `${Math.round(score * 100)} %` : score.toFixed(2);
}

/** The title of a map's card. */
export function titleOf(kind: MapKind, { classifier, classIndex, against, run }: State): string {
  const one = run?.classIndex ?? classIndex;
  const other = run === undefined ? against : run.against;
  const names = [one, other].map((index) => (index === undefined ? '' : nameOf(classifier, index)));
  switch (kind) {
    case 'vanilla':
      return 'Gradient';
    case 'integrated':
      return 'Integrated gradients';
    case 'smooth':
      return other === undefined ? 'SmoothGrad' : names[0]!;
    case 'against':
      return names[1]!;
    case 'difference':
      return 'Difference';
  }
}

/** What a map is made of, in a few words. */
export function detailOf(kind: MapKind, { run, classifier }: State): string {
  if (run === undefined) return '';
  switch (kind) {
    case 'vanilla':
      return 'without noise';
    case 'integrated':
      return `${INTEGRATION_STEPS} steps from black`;
    case 'difference':
      return `red: more for ${nameOf(classifier, run.classIndex)}`;
    default:
      return samplesText(run);
  }
}

function samplesText({ mapSamples }: Run): string {
  return mapSamples === 1 ? '1 sample' : `${mapSamples} samples`;
}

/** The sentence under the photo, and the alternative text of the map over it. */
export function captionOf(state: State): string {
  const { run, shown, classifier, maps, photo } = state;
  if (photo === undefined) return '';
  if (run === undefined || !maps.includes(shown)) return photo.description;
  const one = nameOf(classifier, run.classIndex);
  if (shown === 'difference') {
    return `Where the score of “${one}” (red) and where that of “${nameOf(classifier, run.against!)}” (blue) is the more sensitive.`;
  }
  const explained = shown === 'against' ? nameOf(classifier, run.against!) : one;
  const method = {
    vanilla: 'its gradient',
    integrated: 'integrated gradients',
    smooth: 'SmoothGrad',
    against: 'SmoothGrad',
  }[shown];
  return `What the score of “${explained}” is sensitive to: ${method}, ${detailOf(shown, state)}.`;
}

/** For those who cannot see it. */
export function altOf(kind: MapKind, state: State): string {
  if (!state.maps.includes(kind)) return `${titleOf(kind, state)}: no map yet`;
  return `${titleOf(kind, state)}, ${detailOf(kind, state)}: brightest ${state.brightest[kind] ?? 'nowhere'}`;
}
