/**
 * How the page says what preprocessing a model wants: a preset of the library, and what differs.
 */

export interface PresetChoice {
  readonly name: string;
  /** What is another than in the preset, as `createPreprocessing` takes it. */
  readonly change: PresetChange;
}

export interface PresetChange {
  readonly inputSize?: readonly [height: number, width: number];
  readonly channels?: 1;
  readonly weights?: readonly [number, number, number];
}

/** What `@teachablemachine/image` writes beside a model. */
interface Metadata {
  readonly packageName?: unknown;
}

/** The weights that `@teachablemachine/image` 0.8.5 makes gray images with. */
const TEACHABLE_MACHINE_WEIGHTS = [0.2989, 0.587, 0.114] as const;

/** Fits a preset to the shape [n, h, w, c] of a model's input, as far as that is known. */
export function fitPreset(
  name: string,
  shape: readonly (number | null)[] | undefined,
): PresetChoice {
  const [, height, width, channels] = shape ?? [];
  const isTeachableMachine = name === 'teachableMachine';
  return {
    name,
    change: {
      ...(isSize(height) && isSize(width) && { inputSize: [height, width] as const }),
      ...(isTeachableMachine && channels === 1 && { channels, weights: TEACHABLE_MACHINE_WEIGHTS }),
    },
  };
}

/** Guesses the preset of a model; undefined if nothing tells it. */
export function guessPreset(
  metadata: unknown,
  shape: readonly (number | null)[] | undefined,
): string | undefined {
  const { packageName } = (metadata ?? {}) as Metadata;
  if (packageName === '@teachablemachine/image') return 'teachableMachine';
  return shape?.[3] === 1 ? 'gray' : undefined;
}

/** The code that makes the preprocessing; what it needs of the library is in `names`. */
export function presetCode({ name, change }: PresetChoice): { names: string[]; code: string } {
  const entries = Object.entries(change);
  if (entries.length === 0) return { names: [name], code: name };
  const changes = entries.map(([key, value]) => `${key}: ${listed(value)}`).join(', ');
  return {
    names: ['createPreprocessing', name],
    code: `createPreprocessing({ ...${name}.options, ${changes} })`,
  };
}

function listed(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

/** Keras writes null for any size, TensorFlow -1. */
function isSize(size: number | null | undefined): size is number {
  return size != null && size > 0;
}
