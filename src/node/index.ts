export { modelFolder } from './modelFolder.js';
export { loadModel } from './loadModel.js';
export type { TfjsModel } from './loadModel.js';
export { classNames } from './classNames.js';
export { readImage } from './readImage.js';
export type { RgbPixels } from './readImage.js';
export { guessPreprocessing } from './guessPreprocessing.js';
export type { PreprocessingGuess } from './guessPreprocessing.js';
export { FileError } from './fileError.js';
