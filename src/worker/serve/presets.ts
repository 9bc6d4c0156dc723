/** The list of presets once more, so that the object of all of them is made in workers only. */
export * from '../../preprocessing/presets.js';
