/** The tables of guided backpropagation and of the deconvolution network. */
import { relu } from '@tensorflow/tfjs-core';
import { rules } from './index.js';
import { withRectifiers } from './rectifiers.js';

/** Positive signals only, through each rectifier's own gate. */
export const guidedRules = /* @__PURE__ */ withRectifiers(rules, (dy, gated) => gated(relu(dy)));

/** Positive signals only, whatever the rectifier let through on the way forth. */
export const deconvolutionRules = /* @__PURE__ */ withRectifiers(rules, (dy) => relu(dy));
