/**
 * An attribution method is a function of a gradient function and an input, and smoothing can go
 * around any.
 *
 * Letters: n images, m explained classes per image, r rows of a batch; row i belongs to image i %
 * n.
 */
import { stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions } from '../arguments.js';
import type { Model } from '../model/model.js';
import { allAtOnce } from '../model/passes.js';
import type { InPasses } from '../model/passes.js';
import type { ClassIndex } from '../target/classIndex.js';
import { openSubject } from './arguments.js';
import type { AttributionOptions, Subject } from './arguments.js';
import { checkFinite } from './finite.js';

/** A public attribution function. */
export type Attribution<Options extends AttributionOptions = AttributionOptions> = (
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  options?: Options,
) => Tensor;

/**
 * Of a subject and rows [r, ...] of its kind: for each of the m classes, an attribution of the
 * rows, [r, ...].
 */
export type Attribute = (subject: Subject, rows: Tensor) => InPasses<Tensor[]>;

export interface Method<Options extends object> {
  readonly name: string;
  /** The names of its options; undefined if they are not known. */
  readonly options: readonly string[] | undefined;
  /**
   * Checks the method's own options.
   * @param taken the names of those that smoothing takes
   */
  prepare(caller: string, options: Options, taken: readonly string[]): Attribute;
}

const methods = new WeakMap<object, Method<never>>();

/** The public function of a method. */
export function attributionOf<Options extends AttributionOptions>(
  method: Method<Options> & { readonly options: readonly string[] },
): Attribution<Options> {
  const { name } = method;
  const attribution: Attribution<Options> = (model, input, classIndex, options = {} as Options) => {
    checkOptions(name, options, method.options);
    const attribute = method.prepare(name, options, []);
    const subject = openSubject(name, model, input, classIndex, options);
    function* compute(): InPasses<Tensor> {
      const result = stack(yield* attribute(subject, subject.x));
      checkFinite(name, result);
      return subject.shaped(result);
    }
    try {
      return tidy(() => allAtOnce(subject.gradient.guarded(compute())));
    } finally {
      subject.dispose();
    }
  };
  methods.set(attribution, method);
  return named(name, attribution);
}

/**
 * The subject of a method that is smoothed; to a function of the user's own, `score` may mean
 * anything.
 */
export function openSmoothed<Options extends AttributionOptions>(
  caller: string,
  method: Method<Options>,
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  options: Options,
): Subject {
  const own = method.options === undefined ? { ...options, score: undefined } : options;
  return openSubject(caller, model, input, classIndex, own);
}

/** Gives a function the name it is exported by, which `.name` and stack traces show. */
export function named<F extends object>(name: string, f: F): F {
  return Object.defineProperty(f, 'name', { value: name });
}

/** The method behind a public function, if it is one of ours. */
export function methodOf<Options extends object>(attribution: object): Method<Options> | undefined {
  return methods.get(attribution) as Method<Options> | undefined;
}
