import { format, precisionFixed } from 'd3-format';
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { cutLettering, lettering } from './lettering.js';
import { GREY, INK, PALE } from './marks.js';
import { line, px, rectangle, type Svg } from './svg.js';

export type Scale = ScaleLinear<number, number>;

/** Where a plot lies on its sheet, px. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Frame extends Place {
  readonly x: Scale;
  readonly y: Scale;
  readonly right: number;
  readonly bottom: number;
}

/** A plot whose x runs to the right and y upward. */
export const frameOf = (place: Place, x: readonly [number, number], y: readonly [number, number]): Frame => {
  const [right, bottom] = [place.left + place.width, place.top + place.height];
  return {
    ...place,
    right,
    bottom,
    x: scaleLinear().domain(x).range([place.left, right]),
    y: scaleLinear().domain(y).range([bottom, place.top]),
  };
};

/** Places of values on a scale. */
export const placesOf = (values: ArrayLike<number>, scale: Scale): number[] => Array.from(values, (value) => scale(value));

/** From just below the lowest to just above the highest; of one value, some room about it. */
export function roomyDomain(lowest: number, highest: number): [number, number] {
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  const isOne = highest - lowest <= Math.max(size * 1e-12, 1e-200);
  const margin = isOne ? Math.max(0.5, size * 0.01) : 0;
  const [from, to] = scaleLinear()
    .domain([lowest - margin, highest + margin])
    .nice()
    .domain();
  return [from, to];
}

/** What stands at the ticks of a scale: as many decimals as tell them apart, or an exponent where these were a row of noughts. */
export function tickText(ticks: readonly number[]): (value: number) => string {
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : Math.abs(ticks[0] ?? 1);
  const largest = Math.max(...ticks.map(Math.abs), 0);
  if (step > 0 && (largest >= 1e6 || step < 1e-5)) return format('.6~e');
  return format(`,.${precisionFixed(step > 0 ? step : 1)}f`);
}

const TEXT = { size: 11 };

/** The ruled ground, below what is drawn on it. */
export function ruled({ x, y, left, right, top, bottom, width, height }: Frame, ticks = 5): Svg[] {
  return [
    ...x.ticks(ticks).map((tick) => line(x(tick), top, x(tick), bottom, { stroke: PALE })),
    ...y.ticks(ticks).map((tick) => line(left, y(tick), right, y(tick), { stroke: PALE })),
    rectangle(left, top, width, height, { fill: 'none', stroke: GREY }),
  ];
}

export function bottomAxis({ x, left, width, bottom }: Frame, name: string, ticks = 5): Svg[] {
  const values = x.ticks(ticks);
  const text = tickText(values);
  return [
    ...values.flatMap((tick) => [
      line(x(tick), bottom, x(tick), bottom + 5, { stroke: INK }),
      lettering(text(tick), x(tick), bottom + 18, TEXT, { 'text-anchor': 'middle' }),
    ]),
    cutLettering(name, left + width / 2, bottom + 36, width, { size: 12 }, { 'text-anchor': 'middle' }),
  ];
}

/** A name beside a plot, read from below, its middle at y. */
export const upright = (name: string, x: number, y: number, room: number): Svg =>
  cutLettering(name, 0, 0, room, { size: 12 }, { 'text-anchor': 'middle', transform: `translate(${px(x)} ${px(y)}) rotate(-90)` });

/** @param text  of a tick, where the number itself is not what stands there */
export function leftAxis({ y, left, top, height }: Frame, name: string, ticks = 5, text = tickText(y.ticks(ticks))): Svg[] {
  return [
    ...y
      .ticks(ticks)
      .flatMap((tick) => [
        line(left - 5, y(tick), left, y(tick), { stroke: INK }),
        lettering(text(tick), left - 8, y(tick) + 4, TEXT, { 'text-anchor': 'end' }),
      ]),
    upright(name, 18, top + height / 2, height),
  ];
}

/** px below a plot that its axis takes. */
export const BELOW_AXIS = 48;
