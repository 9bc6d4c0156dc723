/** The conformance table: one row per case. */
import { arithmeticCases } from './cases/arithmetic.js';
import { convolutionCases } from './cases/convolution.js';
import { elementwiseCases } from './cases/elementwise.js';
import { fusedCases } from './cases/fused.js';
import { imageCases } from './cases/image.js';
import { layoutCases } from './cases/layout.js';
import { lengthOneCases } from './cases/lengthOne.js';
import { matmulCases } from './cases/matmul.js';
import { normalizationCases } from './cases/normalization.js';
import { poolingCases } from './cases/pooling.js';
import { reductionCases } from './cases/reduction.js';
import { selectionCases } from './cases/selection.js';
import { spectrumCases } from './cases/spectrum.js';
import type { Case } from './case.js';

export const cases: readonly Case[] = [
  ...convolutionCases,
  ...fusedCases,
  ...poolingCases,
  ...normalizationCases,
  ...elementwiseCases,
  ...arithmeticCases,
  ...reductionCases,
  ...layoutCases,
  ...selectionCases,
  ...matmulCases,
  ...imageCases,
  ...spectrumCases,
  ...lengthOneCases,
];
