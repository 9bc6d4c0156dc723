import { presetNames } from '../demo/presets.js';
import { PRESETS } from './presets.js';

test("the page offers all of the library's presets", () => {
  expect([...PRESETS].sort()).toEqual([...presetNames].sort());
});
