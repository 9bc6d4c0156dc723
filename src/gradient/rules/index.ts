/** The table of gradient rules by kernel. */
import { activationRules } from './activation.js';
import { arithmeticRules } from './arithmetic.js';
import { convolutionRules } from './convolution.js';
import { convolution3dRules } from './convolution3d.js';
import { elementwiseRules } from './elementwise.js';
import { layoutRules } from './layout.js';
import { matmulRules } from './matmul.js';
import { normalizationRules } from './normalization.js';
import { poolingRules } from './pooling.js';
import { pooling3dRules } from './pooling3d.js';
import { reductionRules } from './reduction.js';
import { resamplingRules } from './resampling.js';
import { selectionRules } from './selection.js';
import { spectrumRules } from './spectrum.js';
import { warpRules } from './warp.js';
import type { RuleTable } from '../rule.js';

export const rules: RuleTable = /* @__PURE__ */ merged(
  activationRules,
  arithmeticRules,
  convolutionRules,
  convolution3dRules,
  elementwiseRules,
  layoutRules,
  matmulRules,
  normalizationRules,
  poolingRules,
  pooling3dRules,
  reductionRules,
  resamplingRules,
  selectionRules,
  spectrumRules,
  warpRules,
);

/* @__NO_SIDE_EFFECTS__ */
function merged(...tables: readonly RuleTable[]): RuleTable {
  return Object.assign({}, ...tables) as RuleTable;
}
