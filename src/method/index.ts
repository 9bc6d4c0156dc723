/** The list of methods: another method is one file, and one line here. */
export * from './vanillaGradient.js';
export * from './gradientTimesInput.js';
export * from './integratedGradients.js';
export * from './guidedBackprop.js';
export * from './gradCam.js';
