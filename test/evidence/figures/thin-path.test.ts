import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { thinned, type Path } from '../../../src/evidence/figures/drawing/thin-path.js';
import { rocFigure } from '../../../src/evidence/figures/roc.js';
import { aRoc, ratesOf, scoredCases } from './a-figure.js';
import { allOf, plotOf, pointsOf, readCsv } from './read-svg.js';

type Points = readonly (readonly [number, number])[];

/** Distance of a point from the nearest segment of a path. */
function fromPath([px, py]: readonly [number, number], path: Points): number {
  let nearest = Infinity;
  for (let i = 0; i < path.length; i++) {
    const [ax, ay] = path[Math.max(0, i - 1)];
    const [dx, dy] = [path[i][0] - ax, path[i][1] - ay];
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
    nearest = Math.min(nearest, Math.hypot(px - ax - along * dx, py - ay - along * dy));
  }
  return nearest;
}

/** Points of a path and some between them. */
const sampled = (path: Points): [number, number][] =>
  path.flatMap(([x, y], i) => {
    const [nx, ny] = path[Math.min(path.length - 1, i + 1)];
    return [0, 0.25, 0.5, 0.75].map((part): [number, number] => [x + (nx - x) * part, y + (ny - y) * part]);
  });

const pairs = ({ x, y }: Path): [number, number][] => Array.from(x, (one, i) => [one, y[i]]);

const farthest = (of: Points, from: Points): number => Math.max(...sampled(of).map((point) => fromPath(point, from)));

const rising = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.4, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true })),
      fc.double({ min: 0, max: 300, noNaN: true }),
    ),
    {
      minLength: 1,
      maxLength: 120,
    },
  )
  .map((steps) => {
    let x = 0;
    return { x: steps.map(([step]) => (x += step)), y: steps.map(([, y]) => y) };
  });

describe('Thinning of a path', () => {
  it('moves nothing that is drawn by more than half a pixel, either way', () => {
    fc.assert(
      fc.property(rising, (path) => {
        const [all, few] = [pairs(path), pairs(thinned(path))];
        expect(few[0]).toEqual(all[0]);
        expect(few.at(-1)).toEqual(all.at(-1));
        expect(farthest(all, few)).toBeLessThanOrEqual(0.49);
        expect(farthest(few, all)).toBeLessThanOrEqual(0.49);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps no more points than the width has room for, however wild the path', () => {
    const count = 200_000;
    const x = Float64Array.from({ length: count }, (_, i) => (i / count) * 400);
    const y = Float64Array.from({ length: count }, (_, i) => (i % 2) * 300);
    expect(thinned({ x, y }).x.length).toBeLessThanOrEqual(4 * (400 / 0.25 + 1));
  });

  it('draws 29,000 cases as some hundred points, and its table keeps all', () => {
    const { fpr, tpr } = ratesOf(scoredCases(29_000));
    const { svg, csv } = rocFigure(aRoc({ curve: { fpr, tpr }, band: null }));
    const drawn = pointsOf(allOf(svg, 'path')[0]);
    expect(drawn.length).toBeLessThan(1_000);
    expect(drawn.length).toBeGreaterThan(20);
    expect(readCsv(csv).filter(([series]) => series === 'curve')).toHaveLength(29_001);
    const { left, right, top, bottom } = plotOf(svg);
    const meant = Array.from(fpr, (rate, i): [number, number] => [left + rate * (right - left), bottom - tpr[i] * (bottom - top)]);
    for (let i = 0; i < meant.length; i += 23) expect(fromPath(meant[i], drawn)).toBeLessThanOrEqual(0.5);
  });
});
