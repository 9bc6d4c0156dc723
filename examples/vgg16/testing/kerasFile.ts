/** What the test asks writeKerasFiles.ts to write. */
export interface KerasFile {
  file: string;
  /** h5py of 2016 wrote Keras's official files in HDF5's oldest format, `v108` here. */
  format: 'v108' | 'latest';
  /** Whole models have their weights in the group `model_weights`, files of weights in the root. */
  group: '/' | 'model_weights';
  layers: KerasLayer[];
  /** Leaves out the attribute `layer_names`. */
  anonymous?: boolean;
}

export interface KerasLayer {
  name: string;
  weights: KerasWeight[];
  /** Leaves out the attribute `weight_names`. */
  anonymous?: boolean;
}

export interface KerasWeight {
  name: string;
  shape: number[];
  type: 'float32' | 'float64';
  /**
   * The values' bytes, in base64; without them the weight is named in `weight_names` but not there.
   */
  bytes?: string;
}

/**
 * What readKerasFiles.ts answers for each file: every weight's bytes in base64 by layer, or the
 * message of the error.
 */
export interface ReadResult {
  error?: string;
  weights: Record<string, string[]>;
  leakedTensors: number;
}
