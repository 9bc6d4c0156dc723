/** Other gradients of rectifiers: tables of rules for guided backpropagation and its kin. */
import { equal, where } from '@tensorflow/tfjs-core';
import type { ClipByValueAttrs, Tensor } from '@tensorflow/tfjs-core';
import { CLIPPED_RELU } from '../fuse.js';
import { inputRule } from '../rule.js';
import type { InputRule, KernelRules, RuleTable } from '../rule.js';

/**
 * Computes the gradient with respect to a rectifier's input.
 * @param dy the gradient with respect to its output
 * @param gated passes a gradient through the rectifier's gate, as its derivative does
 */
export type RectifierGradient = (dy: Tensor, gated: (dy: Tensor) => Tensor) => Tensor;

/** Makes a table that differs from `rules` at rectifiers only, plain and fused ones alike. */
export function withRectifiers(rules: RuleTable, rectifier: RectifierGradient): RuleTable {
  const changed = (kernel: string): KernelRules => ({
    x: rectified(rules[kernel]!['x']!, rectifier),
  });
  return {
    ...rules,
    Relu: changed('Relu'),
    Relu6: changed('Relu6'),
    [CLIPPED_RELU]: changed(CLIPPED_RELU),
    ClipByValue: { x: clipFromZero(rules['ClipByValue']!['x']!, rectifier) },
    Maximum: {
      a: maximumWithZero(rules['Maximum']!['a']!, 'b', rectifier),
      b: maximumWithZero(rules['Maximum']!['b']!, 'a', rectifier),
    },
  };
}

function rectified(rule: InputRule, rectifier: RectifierGradient): InputRule {
  return {
    ...rule,
    gradient: (dy, call, name) => rectifier(dy, (passed) => rule.gradient(passed, call, name)),
  };
}

/** Changes the rule of a clip from 0, which is a rectifier with a ceiling. */
function clipFromZero(rule: InputRule, rectifier: RectifierGradient): InputRule {
  const changed = rectified(rule, rectifier);
  const isRectifier = (attrs: object) => (attrs as ClipByValueAttrs).clipValueMin === 0;
  return {
    ...rule,
    gradient: (dy, call, name) =>
      (isRectifier(call.attrs) ? changed : rule).gradient(dy, call, name),
  };
}

/** Changes the rule of a maximum where the other operand is a constant 0. */
function maximumWithZero(rule: InputRule, other: string, rectifier: RectifierGradient): InputRule {
  const changed = rectified(rule, rectifier);
  return inputRule(
    (dy, call, name) => {
      const plain = rule.gradient(dy, call, name);
      const { dependsOnInput, shape } = call.operand(other);
      if (dependsOnInput || shape.length > call.operand(name).shape.length) return plain;
      return where(equal(call.value(other), 0), changed.gradient(dy, call, name), plain);
    },
    { needs: ['a', 'b'] },
  );
}
