/**
 * The part of the page's address behind its #: what is on screen, but for photos and files of the
 * user's own. What it says wrongly is as if it were not said.
 */
import { AVERAGED, PRESETS } from './library.js';
import { MODELS } from './models.js';
import { SAMPLES } from './samples.js';
import { ALL_KINDS, COLORMAPS, ONE_CLASS, RANGES, VIEWS } from './state.js';
import type { Look, MapKind, Settings, State } from './state.js';

export interface Link {
  /** The id of a model that comes with the page. */
  readonly modelId: string | undefined;
  /** The model.json of another one, and its preset. */
  readonly modelUrl: string | undefined;
  readonly preset: string | undefined;
  /** The id of a sample. */
  readonly photo: string | undefined;
  readonly linked: State['linked'];
  readonly chosen: readonly MapKind[] | undefined;
  readonly shown: MapKind | undefined;
  readonly settings: Partial<Settings>;
  readonly look: Partial<Look>;
}

/** The text behind the #. */
export function linkOf(state: State): string {
  const { classifier, photo, classIndex, against, linked, chosen, shown, settings, look } = state;
  const { id, source } = classifier;
  const isUrl = id === undefined && source.kind === 'url';
  const entries: [string, string | number | undefined][] = [
    ['model', isUrl ? source.json : id],
    ['preset', isUrl ? source.preset.name : undefined],
    ['photo', SAMPLES.find(({ file }) => file === photo?.name)?.id],
    ['class', classIndex ?? linked.classIndex],
    ['against', against ?? linked.against],
    ['maps', chosen.join(' ')],
    ['show', shown],
    ['samples', settings.samples],
    ['noise', settings.noise],
    ['averaged', settings.method],
    ['view', look.view],
    ['colours', look.colormap],
    ['blur', look.blur],
    ['opacity', look.opacity],
  ];
  const said = entries.filter(([, value]) => value !== undefined);
  return new URLSearchParams(said.map(([key, value]) => [key, String(value)])).toString();
}

/** Reads what of a link makes sense. */
export function readLink(hash: string): Link {
  const entries = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (key: string): string | undefined => entries.get(key) ?? undefined;
  const oneOf = <T extends string>(key: string, known: readonly T[]): T | undefined =>
    known.find((name) => name === text(key));
  const index = (key: string): number | undefined =>
    /^\d{1,6}$/.test(text(key) ?? '') ? Number(text(key)) : undefined;
  const within = (key: keyof typeof RANGES): number | undefined => {
    const value = Number(text(key)?.trim() || NaN);
    const { min, max } = RANGES[key];
    const isWhole = key !== 'samples' || Number.isInteger(value);
    return value >= min && value <= max && isWhole ? value : undefined;
  };
  const model = text('model');
  const maps = text('maps')?.split(' ');
  return {
    modelId: MODELS.find(({ id }) => id === model)?.id,
    modelUrl: isWebAddress(model) ? model : undefined,
    preset: oneOf(
      'preset',
      PRESETS.map(({ name }) => name),
    ),
    photo: SAMPLES.find(({ id }) => id === text('photo'))?.id,
    linked: { classIndex: index('class'), against: index('against') },
    chosen: maps && ONE_CLASS.filter((kind) => maps.includes(kind)),
    shown: oneOf('show', ALL_KINDS),
    settings: defined({
      samples: within('samples'),
      noise: within('noise'),
      method: oneOf(
        'averaged',
        AVERAGED.map(({ name }) => name),
      ),
    }),
    look: defined({
      view: oneOf('view', VIEWS),
      colormap: oneOf('colours', COLORMAPS),
      blur: within('blur'),
      opacity: within('opacity'),
    }),
  };
}

function isWebAddress(text: string | undefined): boolean {
  return text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Without what is undefined. */
function defined<T extends object>(entries: T): Partial<{ [K in keyof T]: NonNullable<T[K]> }> {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined),
  ) as Partial<{ [K in keyof T]: NonNullable<T[K]> }>;
}
