/** The list of sanity checks. */
export * from './parameterRandomizationTest.js';
export * from './randomLogitTest.js';
