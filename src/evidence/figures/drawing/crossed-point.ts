import { symbolDiamond, type SymbolType } from 'd3-shape';
import type { Interval } from '../figure.js';
import type { Frame } from './frame.js';
import { INK, mark, VERMILLION, whisker } from './marks.js';
import { line, type Svg } from './svg.js';

/** A point with the interval of either coordinate, in the plot's units. */
export interface CrossedPoint {
  readonly x: number;
  readonly y: number;
  readonly xInterval: Interval | null;
  readonly yInterval: Interval | null;
}

/** The point as a symbol, its intervals as a cross. */
export function crossedPoint({ x, y }: Frame, point: CrossedPoint, type: SymbolType = symbolDiamond): Svg[] {
  const [px, py] = [x(point.x), y(point.y)];
  const { xInterval, yInterval } = point;
  return [
    ...(xInterval === null ? [] : [whisker([x(xInterval[0]), py], [x(xInterval[1]), py], { stroke: INK })]),
    ...(yInterval === null ? [] : [whisker([px, y(yInterval[0])], [px, y(yInterval[1])], { stroke: INK })]),
    mark(px, py, type, { fill: VERMILLION, stroke: INK }, 90),
  ];
}

export const CROSSED_SAMPLE: readonly Svg[] = [
  line(4, 0, 28, 0, { stroke: INK, 'stroke-width': 1.5 }),
  line(16, -7, 16, 7, { stroke: INK, 'stroke-width': 1.5 }),
  mark(16, 0, symbolDiamond, { fill: VERMILLION, stroke: INK }, 60),
];
