// Oracles: closed forms of what a replaced input or output gives, the plain pass for the recorded
// one, and finite differences with respect to an inner tensor.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import { backward } from '../../src/gradient/backward.js';
import { withKernelHook } from '../../src/gradient/kernelHook.js';
import type { KernelHook } from '../../src/gradient/kernelHook.js';
import { recordForward } from '../../src/gradient/recordForward.js';
import type { RecordOptions } from '../../src/gradient/recordForward.js';
import { rules } from '../../src/gradient/rules/index.js';
import { RunCache } from '../../src/gradient/runCache.js';
import { constant } from '../conformance/case.js';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { stateOf, tensorCounts } from './state.js';

describeOnEachBackend('a kernel hook', (backend) => {
  const filter = () => constant<tf.Rank.R4>([3, 3, 2, 4], 1);
  const bias = () => constant<tf.Rank.R1>([4], 2);
  const kernel = () => constant<tf.Rank.R2>([100, 3], 3);
  const offset = () => constant<tf.Rank.R1>([3], 4);
  const x = () => constant<tf.Rank.R4>([1, 5, 5, 2], 5);

  /** Two layers of fused kernels, and their outputs without weights in closed form. */
  const network = (input: tf.Tensor) => {
    const convolved = tf.fused.conv2d({
      x: input as tf.Tensor4D,
      filter: filter(),
      strides: 1,
      pad: 'same',
      bias: bias(),
      activation: 'relu',
    });
    const a = tf.reshape(convolved, [1, 100]) as tf.Tensor2D;
    return tf.fused.matMul({ a, b: kernel(), bias: offset() });
  };

  /** The same pass, recorded and not. */
  const PASSES: [string, (hook: KernelHook, input: tf.Tensor) => tf.Tensor][] = [
    ['a plain pass', (hook, input) => withKernelHook(hook, () => network(input))],
    [
      'a recorded pass',
      (hook, input) => {
        const tape = recordForward(network, input, { rules, hook });
        const output = tf.clone(tape.output);
        tape.dispose();
        return output;
      },
    ],
  ];

  const zeroWeights: KernelHook = {
    inputs: ({ kernel: name, inputs }) =>
      name === '_FusedMatMul' ? { ...inputs, b: tf.zerosLike(inputs['b']!) } : undefined,
  };

  describe.each(PASSES)('in %s', (_, run) => {
    test('replaces weights: zero weights leave the bias', () => {
      expectClose(run(zeroWeights, x()), offset().dataSync());
    });

    test('gives a known output, and the kernel does not run', () => {
      const ran: string[] = [];
      const ones: KernelHook = {
        known: ({ kernel: name }) =>
          name === 'FusedConv2D' ? tf.ones<tf.Rank.R4>([1, 5, 5, 4]) : undefined,
        output({ kernel: name }) {
          ran.push(name);
          return undefined;
        },
      };
      const sums = tf.add(tf.sum(kernel(), 0), offset());
      expectClose(run(ones, x()), sums.dataSync());
      expect(ran).not.toContain('FusedConv2D');
    });

    test('replaces an output: what follows is computed from it', () => {
      const ones: KernelHook = {
        output: ({ kernel: name }, output) =>
          name === 'FusedConv2D' ? tf.onesLike(output) : undefined,
      };
      const sums = tf.add(tf.sum(kernel(), 0), offset());
      expectClose(run(ones, x()), sums.dataSync());
    });

    test('that replaces nothing changes nothing, and sees each kernel once, in order', () => {
      const seen: [number, string][] = [];
      const hook: KernelHook = {
        inputs({ index, kernel: name }) {
          seen.push([index, name]);
          return undefined;
        },
      };
      expectClose(run(hook, x()), network(x()).dataSync());
      const names = seen.map(([, name]) => name);
      expect(seen.map(([index]) => index)).toEqual([...seen.keys()]);
      expect(names.filter((name) => /Fused/.test(name))).toEqual(['FusedConv2D', '_FusedMatMul']);
    });

    test('numbers the kernels alike in every pass', () => {
      const numbered = () => {
        const seen: string[] = [];
        const hook: KernelHook = {
          output({ index, kernel: name }) {
            seen.push(`${index} ${name}`);
            return undefined;
          },
        };
        run(hook, x());
        return seen;
      };
      expect(numbered()).toEqual(numbered());
      const [plain, recorded] = PASSES.map(([, pass]) => {
        const seen: string[] = [];
        const hook: KernelHook = {
          inputs({ index, kernel: name }) {
            seen.push(`${index} ${name}`);
            return undefined;
          },
        };
        pass(hook, x());
        return seen;
      });
      expect(recorded).toEqual(plain);
    });

    test('leaves tfjs as before, also after an error of its own', () => {
      const input = x();
      run(zeroWeights, input).dispose();
      const before = [stateOf(backend), tensorCounts()];
      tf.tidy(() => {
        run(zeroWeights, input);
      });
      expect([stateOf(backend), tensorCounts()]).toEqual(before);
      const hook: KernelHook = {
        output: ({ kernel: name }) => {
          if (name === '_FusedMatMul') throw new Error('out of luck');
          return undefined;
        },
      };
      expect(() => tf.tidy(() => run(hook, input))).toThrow('out of luck');
      expect([stateOf(backend), tensorCounts()]).toEqual(before);
    });
  });

  /** The gradient of an output with respect to what the convolution returned. */
  function innerGradient(classIndex: number, options: RecordOptions = { rules }) {
    const isLayer = ({ kernel: name }: { kernel: string }) => name === 'FusedConv2D';
    const tape = recordForward(network, x(), { ...options, keepValue: isLayer });
    const cache = new RunCache();
    const layer = tape.calls.find(isLayer)!.outputs[0]!;
    const gradient = tf.cast(tf.oneHot([classIndex], 3), 'float32');
    const result = tf.tidy(() =>
      backward(tape, { tensorId: tape.outputId, gradient }, [layer.id], cache, true).get(layer.id)!,
    );
    const value = tf.clone(tape.valueOf(layer.id)!);
    tape.dispose();
    cache.dispose();
    return { gradient: result, value };
  }

  test('substitutes a layer for finite differences, which are the gradient there', () => {
    const { gradient, value } = innerGradient(1);
    const scoreAt = (values: Float32Array): number => {
      const hook: KernelHook = {
        output: ({ kernel: name }, output) =>
          name === 'FusedConv2D' ? tf.tensor(values, output.shape) : undefined,
      };
      return tf.tidy(() => withKernelHook(hook, () => network(x())).dataSync()[1]!);
    };
    const h = 0.5; // The tail is linear: no error but rounding's.
    const places = [0, 1, 17, 42, 99];
    const slopes = places.map((i) => {
      const moved = (offset: number) => {
        const values = value.dataSync<'float32'>().slice();
        values[i]! += offset;
        return scoreAt(values);
      };
      return (moved(h) - moved(-h)) / (2 * h);
    });
    const numbers = gradient.dataSync();
    expectClose(tf.tensor1d(places.map((i) => numbers[i]!)), slopes, 1e-5);
    expectClose(gradient, [...tf.slice(kernel(), [0, 1], [100, 1]).dataSync()]);
  });
});

describeOnEachBackend('the way back to inner tensors', (backend) => {
  const x = () => constant<tf.Rank.R2>([2, 6], 1);
  const w = () => constant<tf.Rank.R2>([6, 4], 2);
  const tail = (y: tf.Tensor) =>
    tf.sum(tf.mul(tf.tanh(tf.matMul(tf.square(y) as tf.Tensor2D, w())), constant([2, 4], 3)));
  const middle = (y: tf.Tensor) => tf.mul(tf.sigmoid(y), 3);

  /** The gradients of the output at the outputs of some kernels, by their names. */
  function gradientsAt(
    f: (x: tf.Tensor) => tf.Tensor,
    kernels: string[],
  ): (tf.Tensor | undefined)[] {
    const tape = recordForward(f, x(), { rules });
    const cache = new RunCache();
    try {
      const ids = kernels.map((name) =>
        name === 'input'
          ? tape.input.id
          : tape.calls.find(({ kernel }) => kernel === name)!.outputs[0]!.id,
      );
      return tf.tidy(() => {
        const start = { tensorId: tape.outputId, gradient: tf.scalar(1) };
        const found = backward(tape, start, ids, cache, true);
        return ids.map((id) => found.get(id)) as tf.Tensor[];
      });
    } finally {
      tape.dispose();
      cache.dispose();
    }
  }

  test("is tf.grad of the model's tail, at several tensors at once", () => {
    const [atMiddle, atSigmoid, atInput] = gradientsAt(
      (y) => tail(middle(y)),
      ['Multiply', 'Sigmoid', 'input'],
    );
    const y = middle(x());
    expectClose(atMiddle!, tf.grad(tail)(y).dataSync());
    const s = tf.sigmoid(x());
    expectClose(
      atSigmoid!,
      tf
        .grad((z: tf.Tensor) => tail(tf.mul(z, 3)))(s)
        .dataSync(),
    );
    expectClose(
      atInput!,
      tf
        .grad((z: tf.Tensor) => tail(middle(z)))(x())
        .dataSync(),
      1e-5,
    );
  });

  test('needs no rule below: an unknown kernel there does not throw', () => {
    const kernelName = 'Cellar';
    tf.registerKernel({
      kernelName,
      backendName: backend,
      kernelFunc: ({ inputs }) => tf.sin(inputs['x'] as tf.Tensor),
    });
    try {
      const cellar = (y: tf.Tensor): tf.Tensor => tf.engine().runKernel(kernelName, { x: y });
      const f = (y: tf.Tensor) => tail(middle(cellar(y)));
      const [atMiddle] = gradientsAt(f, ['Multiply']);
      expectClose(
        atMiddle!,
        tf
          .grad(tail)(middle(tf.sin(x())))
          .dataSync(),
      );
      expect(() => gradientsAt(f, ['input'])).toThrow('the gradient of Cellar is not known');
    } finally {
      tf.unregisterKernel(kernelName, backend);
    }
  });

  test('of a tensor that two paths share, adds both', () => {
    const [atSigmoid] = gradientsAt(
      (y) => {
        const s = tf.sigmoid(y);
        return tf.add(tail(s), tf.sum(tf.mul(tf.exp(s), constant([2, 6], 9))));
      },
      ['Sigmoid'],
    );
    const shared = (s: tf.Tensor) =>
      tf.add(tail(s), tf.sum(tf.mul(tf.exp(s), constant([2, 6], 9))));
    expectClose(atSigmoid!, tf.grad(shared)(tf.sigmoid(x())).dataSync());
  });

  test('of a tensor that the score does not depend on, gives none', () => {
    const [atExp] = gradientsAt(
      (y) => {
        tf.exp(y);
        return tail(y);
      },
      ['Exp'],
    );
    expect(atExp).toBeUndefined();
  });
});
