/**
 * Kernels whose numbers do not change with a small change of their input: their gradient is zero,
 * as TensorFlow has it. Those that return bools, and whole numbers made of floats, are known by the
 * type of their output and not listed.
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
