// Oracle: the graph before it was folded.
import * as tf from '@tensorflow/tfjs-core';
import { foldBatchNorms } from '../../scripts/bench/foldBatchNorms.js';
import { describeOnWasm } from '../backends.js';
import { graphModel } from '../model/graph.js';
import { mobileNetV2 } from '../networks/architectures/mobileNet.js';
import { weightsOf } from '../networks/functionBuilder.js';
import { asGraph } from '../networks/graphBuilder.js';

describeOnWasm('a graph with folded batch normalizations', () => {
  test('computes the same with no normalization and no rectifier left', () => {
    const nodes = asGraph(mobileNetV2, weightsOf(mobileNetV2));
    const folded = foldBatchNorms(nodes);
    expect(folded.map(({ op }) => op)).not.toContain('FusedBatchNormV3');
    expect(folded.map(({ op }) => op)).not.toContain('Relu6');
    const x = tf.randomNormal([1, mobileNetV2.size, mobileNetV2.size, 3], 0, 1, 'float32', 1);
    const [expected, actual] = [nodes, folded].map((each) =>
      (graphModel(each).predict(x) as tf.Tensor).dataSync(),
    );
    expected!.forEach((value, i) => {
      expect(Math.abs(actual![i]! - value)).toBeLessThan(1e-5);
    });
  });
});
