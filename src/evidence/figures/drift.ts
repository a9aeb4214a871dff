import { symbolCircle, symbolTriangle } from 'd3-shape';
import { csvOf } from './csv.js';
import { frameOf, leftAxis, roomyDomain, type Frame } from './drawing/frame.js';
import { cutLettering, headline, legend, type LegendItem } from './drawing/lettering.js';
import { BLUE, curve, DASHED, GREY, INK, mark, PALE, VERMILLION } from './drawing/marks.js';
import { line, rectangle, svgDocument, type Svg } from './drawing/svg.js';
import { countText, counted, numberText } from './drawing/words.js';
import { FigureError } from './figure-error.js';
import type { Captioned, Figure } from './figure.js';
import { requireAscending, requireFinite, requireSameLength, requireScalable, requireSome } from './input-checks.js';

export interface DriftInput extends Captioned {
  /** name of the statistic: `PSI`, `CUSUM of missed findings` */
  readonly statistic: string;
  /** name of each window or case, in the order in which they came */
  readonly labels: readonly string[];
  readonly values: ArrayLike<number>;
  /** one limit for all, or one each; null where there is none on that side */
  readonly lowerLimit: number | ArrayLike<number> | null;
  readonly upperLimit: number | ArrayLike<number> | null;
  /** 0-based places at which the monitor gave an alarm, ascending */
  readonly alarms: readonly number[];
}

interface Series {
  readonly values: readonly number[];
  readonly lower: readonly number[] | null;
  readonly upper: readonly number[] | null;
}

const WIDTH = 760;
const LABELS = 8;
const BELOW_PLOT = 50;
/** Up to here each window is a point of its own and each alarm has its mark; of more, the line says it, and the strip of alarms. */
const MOST_MARKS = 100;
const LIMIT = { stroke: INK, 'stroke-width': 1.25, 'stroke-dasharray': DASHED };
const ALARM = { fill: VERMILLION, stroke: INK };

/**
 * A monitored statistic over time with its limits; alarms as triangles, and as a strip below the plot.
 * @throws FigureError  E_EMPTY, E_LENGTH_MISMATCH, E_NON_FINITE, E_DOMAIN (an alarm at no place, numbers beyond ±1e300), E_ORDER
 */
export function driftFigure(input: DriftInput): Figure {
  const series = {
    values: Array.from(input.values),
    lower: limitOf(input.lowerLimit, input.labels.length),
    upper: limitOf(input.upperLimit, input.labels.length),
  };
  requireDrift(input, series);
  return { svg: drawing(input, series), csv: table(input, series) };
}

function limitOf(limit: number | ArrayLike<number> | null, length: number): number[] | null {
  if (limit === null) return null;
  return typeof limit === 'number' ? Array<number>(length).fill(limit) : Array.from(limit);
}

function requireDrift({ labels, alarms }: DriftInput, { values, lower, upper }: Series): void {
  requireSome(labels);
  const columns = [values, lower ?? values, upper ?? values];
  requireSameLength(labels, ...columns);
  for (const column of columns) requireFinite(column);
  for (const column of columns) for (const value of column) requireScalable(value);
  if (alarms.some((place) => !Number.isSafeInteger(place) || place < 0 || place >= labels.length)) throw new FigureError('E_DOMAIN');
  requireAscending(alarms);
}

function drawing(input: DriftInput, series: Series): string {
  const { title, statistic, labels, alarms } = input;
  const { values, lower, upper } = series;
  const head = headline(title, WIDTH);
  const [lowest, highest] = rangeOf([values, lower ?? [], upper ?? []]);
  const ends: [number, number] = labels.length === 1 ? [-1, 1] : [0, labels.length - 1];
  const frame = frameOf({ left: 80, top: head.height, width: WIDTH - 112, height: 300 }, ends, roomyDomain(lowest, highest));
  const { left, right, top, bottom, width, height, y } = frame;
  const below = legend(legendItems(input, series), 24, bottom + BELOW_PLOT, WIDTH - 48);
  return svgDocument(
    { width: WIDTH, height: bottom + BELOW_PLOT + below.height + 8, title, description: inWords(input, series) },
    ...y.ticks(5).map((tick) => line(left, y(tick), right, y(tick), { stroke: PALE })),
    rectangle(left, top, width, height, { fill: 'none', stroke: GREY }),
    ...leftAxis(frame, statistic),
    ...placeNames(frame, labels),
    ...[lower, upper].flatMap((limit) => (limit === null ? [] : [seriesOn(frame, limit, LIMIT)])),
    seriesOn(frame, values, { stroke: BLUE, 'stroke-width': 1.5 }),
    ...(labels.length > MOST_MARKS
      ? []
      : values.map((value, i) => mark(frame.x(i), y(value), symbolCircle, { fill: '#ffffff', stroke: BLUE }, 24))),
    ...strip(frame, alarms),
    ...(alarms.length > MOST_MARKS ? alarms.slice(0, 1) : alarms).map((place) => alarmMark(frame.x(place), y(values[place]))),
    ...head.svg,
    ...below.svg,
  );
}

const alarmMark = (x: number, y: number): Svg => mark(x, y, symbolTriangle, ALARM, 70);

function rangeOf(columns: readonly (readonly number[])[]): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const column of columns)
    for (const value of column) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  return [lowest, highest];
}

function seriesOn({ x, y, left, right }: Frame, values: readonly number[], attributes: typeof LIMIT | { stroke: string }): Svg {
  if (values.length === 1) return curve({ x: [left, right], y: [y(values[0]), y(values[0])] }, { ...attributes, 'stroke-width': 1 });
  return curve({ x: values.map((_, i) => x(i)), y: values.map((value) => y(value)) }, attributes);
}

/** Some of the names below the plot, so many as have room. */
function placeNames({ x, left, right, bottom, width }: Frame, labels: readonly string[]): Svg[] {
  const step = Math.max(1, Math.ceil(labels.length / LABELS));
  const room = labels.length === 1 ? width : Math.min(width, (step * width) / (labels.length - 1));
  return labels.flatMap((label, i) => {
    if (i % step !== 0) return [];
    const middle = Math.min(right - 4, Math.max(left + 4, x(i)));
    return [
      line(x(i), bottom + 12, x(i), bottom + 18, { stroke: INK }),
      cutLettering(label, middle, bottom + 32, Math.min(room, 90) - 8, { size: 11 }, { 'text-anchor': 'middle' }),
    ];
  });
}

/** Runs of alarms just below the plot, drawn as wide as they are; runs that the eye cannot part are drawn as one. */
function strip({ x, bottom }: Frame, alarms: readonly number[]): Svg[] {
  const runs: [from: number, to: number][] = [];
  for (const place of alarms) {
    const last = runs.at(-1);
    if (last !== undefined && (place - last[1] <= 1 || x(place) - x(last[1]) <= 0.5)) last[1] = place;
    else runs.push([place, place]);
  }
  return runs.map(([from, to]) =>
    rectangle(x(from) - 1, bottom + 2, x(to) - x(from) + 2, 8, { fill: VERMILLION, stroke: INK, 'stroke-width': 0.5 }),
  );
}

function legendItems({ statistic, alarms }: DriftInput, { lower, upper }: Series): LegendItem[] {
  const items: LegendItem[] = [{ sample: [line(0, 0, 32, 0, { stroke: BLUE, 'stroke-width': 2 })], text: statistic }];
  if (lower !== null || upper !== null)
    items.push({ sample: [line(0, 0, 32, 0, LIMIT)], text: [lower, upper].includes(null) ? 'Limit' : 'Limits' });
  if (alarms.length === 0) return items;
  const rest =
    alarms.length > MOST_MARKS ? 'the first as a triangle, all in the strip below the plot' : 'a triangle, and the strip below the plot';
  return [...items, { sample: [alarmMark(16, 0)], text: `${counted(alarms.length, 'alarm')}: ${rest}` }];
}

function inWords({ statistic, labels, alarms }: DriftInput, { values, lower, upper }: Series): string {
  const last = values.length - 1;
  const limitText = (name: string, limit: readonly number[] | null): string[] => {
    if (limit === null) return [];
    const isOne = limit.every((value) => value === limit[0]);
    return [`${name} limit ${isOne ? numberText(limit[0]) : `${numberText(limit[0])} at first, ${numberText(limit[last])} at last`}.`];
  };
  const [lowest, highest] = rangeOf([values]);
  return [
    `${statistic} over ${counted(values.length, 'point')} in time, from ${labels[0]} to ${labels[last]}:`,
    `lowest ${numberText(lowest)}, highest ${numberText(highest)}, last ${numberText(values[last])}.`,
    ...limitText('Lower', lower),
    ...limitText('Upper', upper),
    alarms.length === 0
      ? 'No alarm.'
      : `${counted(alarms.length, 'alarm')}, the first at ${labels[alarms[0]]} (point ${countText(alarms[0] + 1)}) with ${numberText(values[alarms[0]])}.`,
  ].join(' ');
}

function table({ labels, alarms }: DriftInput, { values, lower, upper }: Series): string {
  const alarmed = new Set(alarms);
  return csvOf(
    ['place', 'label', 'value', 'lower_limit', 'upper_limit', 'alarm'],
    values.map((value, i) => [i, labels[i], value, lower?.[i] ?? null, upper?.[i] ?? null, alarmed.has(i) ? 1 : 0]),
  );
}
