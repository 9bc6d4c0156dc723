/** The table of rules: kernel -> how its gradient goes back. */
import { activationRules } from './activation.js';
import { arithmeticRules } from './arithmetic.js';
import { convolutionRules } from './convolution.js';
import { elementwiseRules } from './elementwise.js';
import { layoutRules } from './layout.js';
import { matmulRules } from './matmul.js';
import { normalizationRules } from './normalization.js';
import { poolingRules } from './pooling.js';
import { reductionRules } from './reduction.js';
import { selectionRules } from './selection.js';
import type { RuleTable } from '../rule.js';

export const rules: RuleTable = {
  ...activationRules,
  ...arithmeticRules,
  ...convolutionRules,
  ...elementwiseRules,
  ...layoutRules,
  ...matmulRules,
  ...normalizationRules,
  ...poolingRules,
  ...reductionRules,
  ...selectionRules,
};
