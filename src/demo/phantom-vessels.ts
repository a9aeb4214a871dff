import type { Point } from './phantom-curve.js';
import { between, type Random } from './phantom-random.js';
import type { Stroke } from './phantom-strokes.js';

/** Where the vessels of each lung begin, x from the midline; the left hilum lies a little higher. */
const HILA = [
  { side: -1, x: 0.075, v: 0.43 },
  { side: 1, x: 0.1, v: 0.41 },
] as const;
const TRUNKS = 8;
const GENERATIONS = 6;

/** The vessels of both lungs: from each hilum in all directions outwards, forked again and again, ever thinner. */
export function vesselsOf(midline: number, random: Random): Stroke[] {
  return HILA.flatMap(({ side, x, v }) =>
    Array.from({ length: TRUNKS }, (_, trunk) => {
      const angle = -1.25 + (2.75 * trunk) / (TRUNKS - 1) + between(random, -0.18, 0.18); // 0 outwards, rising: downwards
      const from: Point = [midline + side * x, v + 0.05 * Math.sin(angle)];
      return branches(random, side, from, angle, GENERATIONS);
    }).flat(),
  );
}

function branches(random: Random, side: number, from: Point, angle: number, generations: number): Stroke[] {
  if (generations === 0) return [];
  const length = between(random, 0.03, 0.065) * (0.7 + 0.07 * generations);
  const bend = between(random, -0.35, 0.35);
  const middle = onwards(from, side, angle, length / 2);
  const to = onwards(middle, side, angle + bend, length / 2);
  const thickness = (of: number) => 0.0016 + 0.00022 * of * of;
  const stroke: Stroke = {
    path: [from, middle, to],
    radius: [thickness(generations), thickness(generations - 1)],
    density: [density(generations), density(generations - 1)],
  };
  const fork = between(random, 0.25, 0.75);
  const forks = [angle + bend - fork * 0.6, angle + bend + fork].slice(0, random() < 0.75 ? 2 : 1);
  return [stroke, ...forks.flatMap((next) => branches(random, side, to, next, generations - 1))];
}

const density = (generations: number): number => 0.02 + 0.028 * generations;

const onwards = ([u, v]: Point, side: number, angle: number, length: number): Point => [
  u + side * Math.cos(angle) * length,
  v + Math.sin(angle) * length,
];
