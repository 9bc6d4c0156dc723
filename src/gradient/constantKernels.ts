/**
 * Kernels whose output is constant almost everywhere; their gradient is zero, as in TensorFlow.
 *
 * Kernels that return bools, or integers computed from floats, are known by their output's dtype
 * and not listed.
 */
export const CONSTANT_ALMOST_EVERYWHERE: ReadonlySet<string> = new Set([
  'ArgMax',
  'ArgMin',
  'Ceil',
  'Floor',
  'FloorDiv',
  'OneHot',
  'OnesLike',
  'Round',
  'Sign',
  'Step',
  'ZerosLike',
]);
