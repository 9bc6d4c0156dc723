import { synsets } from './synsets.js';

/**
 * Names the 1000 classes of ImageNet, in the order of the outputs of Keras's, torchvision's and
 * most other models.
 *
 * Each is a whole synset, such as `'tabby, tabby cat'`; `name.split(', ')[0]` is its first name, of
 * which two occur twice: crane (134 the bird, 517 the machine) and maillot (638, 639).
 */
export const imagenetClasses: readonly string[] = /* @__PURE__ */ synsets.trim().split('\n');

/**
 * Names the 1001 classes of models that put a class `'background'` before {@link imagenetClasses},
 * as those of TensorFlow's model garden (slim) and of TensorFlow Hub do.
 */
export const imagenetClassesWithBackground: readonly string[] = /* @__PURE__ */ [
  'background',
  ...imagenetClasses,
];
