/** The lists of metrics and sanity checks once more, whose object is made in workers only. */
export * from '../../metric/index.js';
export * from '../../sanity/index.js';
