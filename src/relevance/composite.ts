/** Composites: which of LRP's rules each kind of layer gets. */
import { mul, reshape } from '@tensorflow/tfjs-core';
import { inputRule } from '../gradient/rule.js';
import type { InputRule, KernelCall, KernelRules, RuleTable } from '../gradient/rule.js';
import { rules } from '../gradient/rules/index.js';
import { CONVOLUTIONS, linearMapOf, linearNeeds, PRODUCTS } from './linearMap.js';
import {
  alphaBetaRule,
  boxRule,
  epsilonRule,
  flatRule,
  gammaRule,
  positiveRule,
} from './linearRules.js';
import type { LinearRule, ValueRange } from './linearRules.js';
import { otherRules } from './otherRules.js';
import { preparedIds } from './preparation.js';

export const COMPOSITES = [
  'epsilonPlusFlat',
  'epsilonGammaBox',
  'epsilonAlpha2Beta1',
  'excitationBackprop',
  'zPlus',
  'epsilon',
  'gamma',
] as const;

export type CompositeName = (typeof COMPOSITES)[number];

/** Numbers of the rules. */
export interface RuleNumbers {
  readonly epsilon: number;
  readonly gamma: number;
  /** Of the values that the first layer reads; only the box rule needs it. */
  readonly range: ValueRange | undefined;
}

interface Composite {
  readonly convolution: LinearRule;
  readonly dense: LinearRule;
  /** Of the layer that reads the input, in place of the rule of its kind. */
  readonly first?: LinearRule;
}

const COMPOSITE: Readonly<Record<CompositeName, (numbers: RuleNumbers) => Composite>> = {
  epsilonPlusFlat: ({ epsilon }) => ({
    convolution: positiveRule(true),
    dense: epsilonRule(epsilon),
    first: flatRule,
  }),
  epsilonGammaBox: ({ epsilon, gamma, range }) => ({
    convolution: gammaRule(gamma),
    dense: epsilonRule(epsilon),
    first: boxRule(range!),
  }),
  epsilonAlpha2Beta1: ({ epsilon }) => ({
    convolution: alphaBetaRule(2, 1),
    dense: epsilonRule(epsilon),
  }),
  excitationBackprop: () => everywhere(positiveRule(false)),
  zPlus: () => everywhere(positiveRule(true)),
  epsilon: ({ epsilon }) => everywhere(epsilonRule(epsilon)),
  gamma: ({ gamma }) => everywhere(gammaRule(gamma)),
};

const everywhere = (rule: LinearRule): Composite => ({ convolution: rule, dense: rule });

/**
 * Makes the table of a composite.
 *
 * Its rules return multipliers, but those of kernels that read the prepared input return the
 * relevance of what they read.
 */
export function compositeRules(name: CompositeName, numbers: RuleNumbers): RuleTable {
  const { convolution, dense, first } = COMPOSITE[name](numbers);
  const table: Record<string, KernelRules> = { ...otherRules };
  for (const kernel of Object.keys(CONVOLUTIONS)) {
    table[kernel] = { ...rules[kernel], x: linear(convolution, first) };
  }
  for (const [kernel, plain] of Object.entries(PRODUCTS)) {
    const operands = Object.entries(rules[plain]!);
    table[kernel] = {
      ...rules[kernel],
      ...Object.fromEntries(
        operands.map(([operand, rule]) => [operand, product(rule, dense, first)]),
      ),
    };
  }
  return table;
}

function linear(rule: LinearRule, first: LinearRule | undefined): InputRule {
  return inputRule((c, call, name) => run(rule, first, c, call, name), {
    needs: linearNeeds,
    needsOutput: 0,
  });
}

/** A matrix product is a dense layer, or of two that depend on the input, half of each. */
function product(gradient: InputRule, rule: LinearRule, first: LinearRule | undefined): InputRule {
  return inputRule(
    (c, call, name) => {
      const varying = call.names.filter((input) => call.operand(input).dependsOnInput);
      if (varying.length === 1) return run(rule, first, c, call, name);
      const half = mul(gradient.gradient(c, call, name), 0.5);
      return isPrepared(call, name) ? mul(half, call.value(name)) : half;
    },
    { needs: linearNeeds, needsOutput: 0 },
  );
}

const isPrepared = ({ tape, operand }: KernelCall, name: string): boolean =>
  preparedIds(tape).has(operand(name).id);

function run(
  rule: LinearRule,
  first: LinearRule | undefined,
  c: Parameters<LinearRule>[0],
  call: KernelCall,
  name: string,
): ReturnType<LinearRule> {
  const map = linearMapOf(call, name);
  const shaped = c.shape.join() === map.y.shape.join() ? c : reshape(c, map.y.shape);
  if (!isPrepared(call, name)) return rule(shaped, map, call);
  return first === undefined ? mul(map.x, rule(shaped, map, call)) : first(shaped, map, call);
}
