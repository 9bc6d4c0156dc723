/** The list of methods: another method is one file, and one line here. */
export * from './vanillaGradient.js';
export * from './gradientTimesInput.js';
export * from './integratedGradients.js';
export * from './guidedBackprop.js';
export * from './deconvnet.js';
export * from './gradCam.js';
export * from './gradCamPlusPlus.js';
export * from './layerCam.js';
export * from './hiResCam.js';
export * from './xGradCam.js';
export * from './eigenCam.js';
export * from './scoreCam.js';
export * from './ablationCam.js';
export * from './guidedGradCam.js';
export * from './lrp.js';
