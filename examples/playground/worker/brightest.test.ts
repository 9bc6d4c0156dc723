import { brightestPart } from './brightest.js';

/** A map that is 1 at one pixel, else 0. */
function spot(height: number, width: number, row: number, column: number): number[] {
  return Array.from({ length: height * width }, (_, i) => (i === row * width + column ? 1 : 0));
}

test.each([
  [spot(9, 9, 0, 0), 9, 'at the top left'],
  [spot(9, 9, 1, 4), 9, 'at the top'],
  [spot(9, 9, 4, 8), 9, 'at the right'],
  [spot(9, 9, 4, 4), 9, 'in the middle'],
  [spot(9, 9, 8, 8), 9, 'at the bottom right'],
  [spot(2, 30, 1, 12), 30, 'in the middle'],
])('a bright spot is where it is', (values, width, part) => {
  expect(brightestPart(values, width)).toBe(part);
});

test('much that is dim outweighs a bright spot', () => {
  const values = spot(9, 9, 0, 0).map((value, i) =>
    Math.floor(i / 9) >= 6 && i % 9 < 3 ? 0.2 : value,
  );
  expect(brightestPart(values, 9)).toBe('at the bottom left');
});
