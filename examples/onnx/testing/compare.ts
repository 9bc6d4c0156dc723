/** Prints how far the maps of an ONNX model are from those of the same model in tfjs. */
import '@tensorflow/tfjs-backend-cpu';
import { env } from '@tensorflow/tfjs-core';
import { compareWithTfjs } from './compareWithTfjs.js';

env().set('PROD', true); // no greeting
console.log(JSON.stringify(await compareWithTfjs()));
