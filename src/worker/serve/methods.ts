/** The list of methods once more, so that the object of all of them is made in workers only. */
export * from '../../method/index.js';
