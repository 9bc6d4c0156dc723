/** In the page: an ONNX model's maps beside those of the same network in tfjs. */
import '@tensorflow/tfjs-backend-cpu';
import { compareWithTfjs } from '../../../examples/onnx/testing/compareWithTfjs.js';

declare global {
  interface Window {
    compareWithTfjs: typeof compareWithTfjs;
  }
}

window.compareWithTfjs = compareWithTfjs;
