/** The lists of metrics and sanity checks once more, so that the object of all is made in workers. */
export * from '../../metric/index.js';
export * from '../../sanity/index.js';
