/**
 * Every test file loads tfjs anew, which would recommend tfjs-node to each; nothing else depends on
 * this flag.
 */
import { env } from '@tensorflow/tfjs-core';

env().set('PROD', true);
