/** Oracle: indices of well-known classes, as Keras's imagenet_class_index.json has them. */
import { imagenetClasses, imagenetClassesWithBackground } from '../../src/imagenet/index.js';

test.each([
  [0, 'tench'],
  [1, 'goldfish'],
  [65, 'sea snake'],
  [134, 'crane'],
  [207, 'golden retriever'],
  [281, 'tabby'],
  [388, 'giant panda'],
  [517, 'crane'],
  [700, 'paper towel'],
  [924, 'guacamole'],
  [967, 'espresso'],
  [999, 'toilet tissue'],
])('class %i is %s, one later with a background', (index, name) => {
  expect(imagenetClasses[index]!.split(', ')[0]).toBe(name);
  expect(imagenetClassesWithBackground[index + 1]).toBe(imagenetClasses[index]);
});

test('there are 1000, of whole names, and the background before them', () => {
  expect(imagenetClasses.length).toBe(1000);
  for (const name of imagenetClasses) expect(name).toMatch(/^\S.*\S$/);
  expect(imagenetClassesWithBackground.length).toBe(1001);
  expect(imagenetClassesWithBackground[0]).toBe('background');
  // Only the two cranes, bird and machine, have the same names.
  expect(new Set(imagenetClasses).size).toBe(999);
});
