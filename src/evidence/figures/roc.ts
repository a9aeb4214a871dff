import { csvOf, type Cell } from './csv.js';
import { crossedPoint, CROSSED_SAMPLE } from './drawing/crossed-point.js';
import { BELOW_AXIS, frameOf, placesOf, type Frame } from './drawing/frame.js';
import { headline, legend, type LegendItem } from './drawing/lettering.js';
import { areaBetween, BLUE, curve, DASHED, PALE_BLUE } from './drawing/marks.js';
import { CHANCE_ITEM, curveItem, curveOn, fromOrigin, operatingText, pointOfRates, rocGround } from './drawing/roc-plot.js';
import { line, svgDocument, type Svg } from './drawing/svg.js';
import { counted, levelText, withInterval } from './drawing/words.js';
import type { Area, CurveOfRates, Figure, OperatingPoint, WithConfidence } from './figure.js';
import {
  requireAscending,
  requireConfidence,
  requireCurveOfRates,
  requireOperatingPoint,
  requireSameLength,
  requireShareIntervals,
  requireShares,
  requireSome,
} from './input-checks.js';

/** Limits of the true positive rate at some false positive rates, ascending. */
export interface RocBand {
  readonly fpr: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

export interface RocInput extends WithConfidence {
  readonly curve: CurveOfRates;
  readonly auc: Area;
  readonly band: RocBand | null;
  readonly operatingPoint: OperatingPoint | null;
}

const WIDTH = 520;
const SIDE = 420;

/**
 * The ROC curve with its confidence band, and the operating point with the intervals of both rates as a cross.
 * @throws FigureError  E_EMPTY, E_LENGTH_MISMATCH, E_NON_FINITE, E_DOMAIN, E_ORDER
 */
export function rocFigure(input: RocInput): Figure {
  requireRoc(input);
  const points = fromOrigin(input.curve);
  return { svg: drawing(input, points), csv: table(input, points) };
}

function requireRoc({ conf, curve, auc, band, operatingPoint }: RocInput): void {
  requireCurveOfRates(curve);
  requireShares([auc.estimate]);
  requireShareIntervals(auc.interval);
  requireConfidence(conf);
  if (band !== null) requireBand(band);
  if (operatingPoint !== null) requireOperatingPoint(operatingPoint);
}

function requireBand({ fpr, lower, upper }: RocBand): void {
  requireSome(fpr);
  requireSameLength(fpr, lower, upper);
  for (let i = 0; i < fpr.length; i++) requireShareIntervals([lower[i], upper[i]]);
  requireShares(fpr);
  requireAscending(fpr);
}

function drawing(input: RocInput, points: CurveOfRates): string {
  const { title, band, operatingPoint } = input;
  const head = headline(title, WIDTH);
  const frame = frameOf({ left: 72, top: head.height, width: SIDE, height: SIDE }, [0, 1], [0, 1]);
  const below = legend(legendItems(input), 24, frame.bottom + BELOW_AXIS, WIDTH - 48);
  return svgDocument(
    { width: WIDTH, height: frame.bottom + BELOW_AXIS + below.height + 8, title, description: inWords(input, points) },
    ...rocGround(frame),
    ...(band === null ? [] : bandOn(frame, band)),
    curveOn(frame, points),
    ...(operatingPoint === null ? [] : crossedPoint(frame, pointOfRates(operatingPoint))),
    ...head.svg,
    ...below.svg,
  );
}

const BAND_EDGE = { stroke: BLUE, 'stroke-width': 1, 'stroke-dasharray': DASHED };

function bandOn({ x, y }: Frame, { fpr, lower, upper }: RocBand): Svg[] {
  const [high, low] = [upper, lower].map((limit) => ({ x: placesOf(fpr, x), y: placesOf(limit, y) }));
  return [areaBetween(high, low, { fill: PALE_BLUE, 'fill-opacity': '0.6' }), curve(high, BAND_EDGE), curve(low, BAND_EDGE)];
}

function legendItems({ conf, auc, band, operatingPoint }: RocInput): LegendItem[] {
  const items = [curveItem(`ROC curve, AUC ${withInterval(auc.estimate, auc.interval, conf)}`)];
  if (band !== null) {
    const ground = line(0, 0, 32, 0, { stroke: PALE_BLUE, 'stroke-width': 10, 'stroke-opacity': '0.6' });
    const edges = [-5, 5].map((y) => line(0, y, 32, y, BAND_EDGE));
    items.push({ sample: [ground, ...edges], text: `${levelText(conf)} confidence band of the curve` });
  }
  if (operatingPoint !== null) items.push({ sample: CROSSED_SAMPLE, text: `Operating point: ${operatingText(operatingPoint, conf)}` });
  return [...items, CHANCE_ITEM];
}

const inWords = ({ conf, auc, band, operatingPoint }: RocInput, { fpr }: CurveOfRates): string =>
  [
    `ROC curve of ${counted(fpr.length, 'point')}: sensitivity against 1 − specificity.`,
    `Area under the curve ${withInterval(auc.estimate, auc.interval, conf)}; chance would be 0.5.`,
    ...(band === null ? [] : [`With its ${levelText(conf)} confidence band.`]),
    ...(operatingPoint === null ? [] : [`At the operating point ${operatingText(operatingPoint, conf)}.`]),
  ].join(' ');

const HEADER = ['series', 'fpr', 'tpr', 'tpr_lower', 'tpr_upper', 'sensitivity', 'sensitivity_lower', 'sensitivity_upper', 'specificity'];

function table({ band, operatingPoint }: RocInput, { fpr, tpr }: CurveOfRates): string {
  const none = Array<Cell>(6).fill(null);
  const rows: Cell[][] = Array.from(fpr, (rate, i) => ['curve', rate, tpr[i], null, null, ...none]);
  if (band !== null) rows.push(...Array.from(band.fpr, (rate, i) => ['band', rate, null, band.lower[i], band.upper[i], ...none]));
  if (operatingPoint !== null) rows.push(['operating_point', null, null, null, null, ...operatingCells(operatingPoint)]);
  return csvOf([...HEADER, 'specificity_lower', 'specificity_upper'], rows);
}

const operatingCells = ({ sensitivity, sensitivityInterval, specificity, specificityInterval }: OperatingPoint): Cell[] => [
  sensitivity,
  ...(sensitivityInterval ?? [null, null]),
  specificity,
  ...(specificityInterval ?? [null, null]),
];
