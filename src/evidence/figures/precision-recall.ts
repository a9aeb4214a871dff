import { csvOf, type Cell } from './csv.js';
import { crossedPoint, CROSSED_SAMPLE } from './drawing/crossed-point.js';
import { BELOW_AXIS, bottomAxis, frameOf, leftAxis, placesOf, ruled } from './drawing/frame.js';
import { headline, legend, type LegendItem } from './drawing/lettering.js';
import { BLUE, curve, DOTTED, GREY } from './drawing/marks.js';
import { curveItem } from './drawing/roc-plot.js';
import { line, svgDocument } from './drawing/svg.js';
import { counted, numberText, withInterval } from './drawing/words.js';
import type { Area, Figure, Interval, WithConfidence } from './figure.js';
import {
  requireAscending,
  requireConfidence,
  requireSameLength,
  requireShareIntervals,
  requireShares,
  requireSome,
} from './input-checks.js';

export interface PrecisionRecallPoint {
  readonly recall: number;
  readonly precision: number;
  readonly recallInterval: Interval | null;
  readonly precisionInterval: Interval | null;
}

export interface PrecisionRecallInput extends WithConfidence {
  /** from the highest threshold to the lowest, so that recall does not fall */
  readonly recall: ArrayLike<number>;
  readonly precision: ArrayLike<number>;
  readonly averagePrecision: Area;
  /** share of positives among the cases: the precision of chance */
  readonly prevalence: number;
  readonly operatingPoint: PrecisionRecallPoint | null;
}

const WIDTH = 520;
const SIDE = 420;
const CHANCE_LINE = { stroke: GREY, 'stroke-dasharray': DOTTED, 'stroke-width': 1.5 };

/**
 * Precision against recall. Drawn in steps, whose area is the average precision: a straight line between two points would
 * show precisions that no threshold has (Davis and Goadrich 2006).
 * @throws FigureError  E_EMPTY, E_LENGTH_MISMATCH, E_NON_FINITE, E_DOMAIN, E_ORDER
 */
export function precisionRecallFigure(input: PrecisionRecallInput): Figure {
  requirePrecisionRecall(input);
  return { svg: drawing(input), csv: table(input) };
}

function requirePrecisionRecall({ recall, precision, averagePrecision, prevalence, operatingPoint, conf }: PrecisionRecallInput): void {
  requireSome(recall);
  requireSameLength(recall, precision);
  requireShares(recall);
  requireShares(precision);
  requireShares([averagePrecision.estimate, prevalence]);
  requireShareIntervals(averagePrecision.interval);
  requireConfidence(conf);
  if (operatingPoint !== null) {
    requireShares([operatingPoint.recall, operatingPoint.precision]);
    requireShareIntervals(operatingPoint.recallInterval, operatingPoint.precisionInterval);
  }
  requireAscending(recall);
}

/** From recall 0: each precision holds from the recall before to its own. */
function stepped(recall: readonly number[], precision: readonly number[], start: number): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0, before = start; i < recall.length; before = recall[i++]) {
    x.push(before, recall[i]);
    y.push(precision[i], precision[i]);
  }
  return { x, y };
}

function drawing(input: PrecisionRecallInput): string {
  const { title, recall, precision, prevalence, operatingPoint } = input;
  const head = headline(title, WIDTH);
  const frame = frameOf({ left: 72, top: head.height, width: SIDE, height: SIDE }, [0, 1], [0, 1]);
  const { x, y, left, right, bottom } = frame;
  const below = legend(legendItems(input), 24, bottom + BELOW_AXIS, WIDTH - 48);
  const point = operatingPoint === null ? null : crossOf(operatingPoint);
  return svgDocument(
    { width: WIDTH, height: bottom + BELOW_AXIS + below.height + 8, title, description: inWords(input) },
    ...ruled(frame),
    ...bottomAxis(frame, 'Recall (sensitivity)'),
    ...leftAxis(frame, 'Precision (positive predictive value)'),
    line(left, y(prevalence), right, y(prevalence), CHANCE_LINE),
    curve(stepped(placesOf(recall, x), placesOf(precision, y), x(0)), { stroke: BLUE }),
    ...(point === null ? [] : crossedPoint(frame, point)),
    ...head.svg,
    ...below.svg,
  );
}

const crossOf = ({ recall, precision, recallInterval, precisionInterval }: PrecisionRecallPoint) => ({
  x: recall,
  y: precision,
  xInterval: recallInterval,
  yInterval: precisionInterval,
});

function legendItems({ conf, averagePrecision, prevalence, operatingPoint }: PrecisionRecallInput): LegendItem[] {
  const { estimate, interval } = averagePrecision;
  const items = [curveItem(`Precision and recall, average precision ${withInterval(estimate, interval, conf)}`)];
  if (operatingPoint !== null) items.push({ sample: CROSSED_SAMPLE, text: `Operating point: ${pointText(operatingPoint, conf)}` });
  return [...items, { sample: [line(0, 0, 32, 0, CHANCE_LINE)], text: `Chance: share of positives ${numberText(prevalence)}` }];
}

const pointText = ({ recall, recallInterval, precision, precisionInterval }: PrecisionRecallPoint, conf: number): string =>
  `recall ${withInterval(recall, recallInterval, conf)}, precision ${withInterval(precision, precisionInterval, conf)}`;

const inWords = ({ conf, recall, averagePrecision, prevalence, operatingPoint }: PrecisionRecallInput): string =>
  [
    `Precision against recall at ${counted(recall.length, 'threshold')}.`,
    `Average precision ${withInterval(averagePrecision.estimate, averagePrecision.interval, conf)};`,
    `chance would be the share of positives, ${numberText(prevalence)}.`,
    ...(operatingPoint === null ? [] : [`At the operating point ${pointText(operatingPoint, conf)}.`]),
  ].join(' ');

const HEADER = ['series', 'recall', 'recall_lower', 'recall_upper', 'precision', 'precision_lower', 'precision_upper'];

function table({ recall, precision, prevalence, operatingPoint }: PrecisionRecallInput): string {
  const rows: Cell[][] = Array.from(recall, (one, i) => ['curve', one, null, null, precision[i], null, null]);
  rows.push(['prevalence', null, null, null, prevalence, null, null]);
  if (operatingPoint !== null) {
    const { recallInterval, precisionInterval } = operatingPoint;
    const [ofRecall, ofPrecision] = [recallInterval ?? [null, null], precisionInterval ?? [null, null]];
    rows.push(['operating_point', operatingPoint.recall, ...ofRecall, operatingPoint.precision, ...ofPrecision]);
  }
  return csvOf(HEADER, rows);
}
