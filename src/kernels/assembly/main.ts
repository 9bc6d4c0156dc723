/** All kernels but the products. Their inner functions are exported so that they stay functions. */
export { inputTile, inputTiles } from './winograd/input';
export { filterPlanes, filterVector } from './winograd/filter';
export { outputTiles, outputVector } from './winograd/output';
export { markPixels, settleEmptyFields } from './winograd/emptyFields';
export { copyRun, packFilter, packRows, placeRows, scatterRow } from './im2col';
export { denseInputGradient, fourDots } from './dense';
export { batchNormalization } from './batchNormalization';
export { globalAverageInputGradient } from './averagePool';
export { maxPoolInputGradient } from './maxPool';
export { clippedReluInputGradient, reluInputGradient } from './rectifier';
