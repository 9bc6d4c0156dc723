/**
 * Activations.
 *
 * Where the derivative follows from the output, the output is saved: as the next kernel's input, it
 * is alive anyway.
 */
import {
  add,
  div,
  engine,
  exp,
  greater,
  max,
  minimum,
  mul,
  sigmoid,
  step,
  sub,
  sum,
  where,
} from '@tensorflow/tfjs-core';
import type { ClipByValueAttrs, LeakyReluAttrs, Tensor } from '@tensorflow/tfjs-core';
import { differs, unbroadcast } from './broadcast.js';
import type { Kernels } from '../../kernels/index.js';
import { rectifierGradient } from '../gpu/rectifierGradient.js';
import { rule } from '../rule.js';
import type { RuleTable } from '../rule.js';

type ByOutput = (dy: Tensor, y: Tensor, kernels?: Kernels) => Tensor;

/** Passes dy on where `y` > 0; at 0 the derivative is 0, as in TensorFlow and PyTorch. */
const reluGradient: ByOutput = (dy, y, kernels) =>
  kernels?.reluInputGradient(dy, y) ?? rectifierGradient(dy, y, Infinity) ?? mul(dy, step(y));

/**
 * Passes dy on where 0 < y < ceiling.
 *
 * That is where y (ceiling - y) > 0. tfjs's form (two comparisons, a LogicalAnd, a Select) takes a
 * third of MobileNetV2's time.
 */
const clippedReluGradient = (
  dy: Tensor,
  y: Tensor,
  ceiling: number,
  kernels: Kernels | undefined,
): Tensor =>
  kernels?.clippedReluInputGradient(dy, y, ceiling) ??
  rectifierGradient(dy, y, ceiling) ??
  mul(dy, step(mul(y, sub(ceiling, y))));

const relu6Gradient: ByOutput = (dy, y, kernels) => clippedReluGradient(dy, y, 6, kernels);

const eluGradient: ByOutput = (dy, y) => engine().runKernel('EluGrad', { dy, y });

/** Tells whether the output has the sign of the input: not for a negative slope. */
const showsSign = (attrs: object): boolean => (attrs as LeakyReluAttrs).alpha >= 0;

const byOutput = /* @__NO_SIDE_EFFECTS__ */ (gradient: ByOutput) =>
  rule('x', (dy, call) => gradient(dy, call.output(), call.kernels), { needsOutput: 0 });

const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473768;

/**
 * Computes y (dy - sum(y dy)), which does not change when a constant is added to dy.
 *
 * dy is shifted to 0 where y is greatest. Otherwise, where a saturated y rounds to 1, the
 * difference would cancel and leave only rounding errors.
 */
function softmaxGradient(dy: Tensor, y: Tensor): Tensor {
  const greatest = sub(1, differs(y, max(y, -1, true)));
  const shift = div(sum(mul(dy, greatest), -1, true), sum(greatest, -1, true));
  const weighted = mul(sub(dy, shift), y);
  return sub(weighted, mul(sum(weighted, -1, true), y));
}

export const activationRules: RuleTable = {
  Relu: byOutput(reluGradient),
  Relu6: byOutput(relu6Gradient),
  ClippedRelu: rule<ClipByValueAttrs>(
    'x',
    (dy, call) => clippedReluGradient(dy, call.output(), call.attrs.clipValueMax, call.kernels),
    { needsOutput: 0 },
  ),
  Elu: byOutput(eluGradient),
  Sigmoid: byOutput((dy, y) => mul(dy, mul(y, sub(1, y)))),
  Tanh: byOutput((dy, y) => mul(dy, sub(1, mul(y, y)))),
  // For x < 0, y = scale alpha (e^x - 1), so that dy/dx = y + scale alpha.
  Selu: byOutput((dy, y) => mul(dy, where(greater(y, 0), SELU_SCALE, add(y, SELU_SCALE_ALPHA)))),
  LeakyRelu: rule<LeakyReluAttrs>(
    'x',
    (dy, call) =>
      mul(dy, step(showsSign(call.attrs) ? call.output() : call.value('x'), call.attrs.alpha)),
    {
      needs: (attrs) => (showsSign(attrs) ? [] : ['x']),
      needsOutput: (attrs) => (showsSign(attrs) ? 0 : undefined),
    },
  ),
  Prelu: {
    x: {
      needs: ['x', 'alpha'],
      gradient: (dy, call) => {
        const positive = step(call.value('x'));
        return mul(dy, add(positive, mul(sub(1, positive), call.value('alpha'))));
      },
    },
    alpha: {
      needs: ['x'],
      gradient: (dy, call) =>
        unbroadcast(mul(dy, minimum(call.value('x'), 0)), call.operand('alpha').shape),
    },
  },
  Softplus: rule('x', (dy, call) => mul(dy, sigmoid(call.value('x'))), { needs: ['x'] }),
  Softmax: rule('logits', (dy, call) => softmaxGradient(dy, call.output()), { needsOutput: 0 }),
  LogSoftmax: rule('logits', (dy, call) => sub(dy, mul(sum(dy, -1, true), exp(call.output()))), {
    needsOutput: 0,
  }),
};
