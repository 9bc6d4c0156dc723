/** The curves of deletion and insertion, drawn. */
import type { Curves } from '../state.js';

const [WIDTH, HEIGHT, MARGIN] = [200, 90, 4];
const NAMES = ['deletion', 'insertion'] as const;

/** Draws both curves on the same axes, from no pixel to all, with their areas in words. */
export function chartOf(curves: Curves): HTMLElement {
  const values = NAMES.flatMap((name) => curves[name].curve.map(({ value }) => value));
  const [low, high] = [Math.min(0, ...values), Math.max(...values)];
  const pointOf = ({ fraction, value }: { fraction: number; value: number }): string => {
    const x = MARGIN + fraction * (WIDTH - 2 * MARGIN);
    const y = MARGIN + ((high - value) / (high - low || 1)) * (HEIGHT - 2 * MARGIN);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const words = NAMES.map((name) => `${name} ${curves[name].score.toFixed(2)}`);
  const svg = createSvg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-label': `Areas under the curves: ${words.join(', ')}`,
  });
  for (const name of NAMES) {
    svg.append(
      createSvg('polyline', { class: name, points: curves[name].curve.map(pointOf).join(' ') }),
    );
  }
  const legend = document.createElement('p');
  legend.append(
    ...NAMES.map((name, i) => {
      const entry = document.createElement('small');
      entry.className = name;
      entry.textContent = words[i]!;
      return entry;
    }),
  );
  const chart = document.createElement('div');
  chart.className = 'chart';
  chart.append(svg, legend);
  return chart;
}

function createSvg(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
