import type { CurveOfRates, OperatingPoint } from '../figure.js';
import type { CrossedPoint } from './crossed-point.js';
import { bottomAxis, leftAxis, placesOf, ruled, type Frame } from './frame.js';
import type { LegendItem } from './lettering.js';
import { BLUE, curve, DOTTED, GREY } from './marks.js';
import { line, type Svg } from './svg.js';
import { withInterval } from './words.js';

const CHANCE_LINE = { stroke: GREY, 'stroke-dasharray': DOTTED, 'stroke-width': 1.5 };

/** The ground of a ROC plot: both rates from 0 to 1, and chance as the diagonal. */
export const rocGround = (frame: Frame): Svg[] => [
  ...ruled(frame),
  ...bottomAxis(frame, '1 − specificity (false positive rate)'),
  ...leftAxis(frame, 'Sensitivity (true positive rate)'),
  line(frame.x(0), frame.y(0), frame.x(1), frame.y(1), CHANCE_LINE),
];

/** The curve with its first point, above every score, where it is not given. */
export function fromOrigin({ fpr, tpr }: CurveOfRates): CurveOfRates {
  if (fpr[0] === 0 && tpr[0] === 0) return { fpr, tpr };
  return { fpr: [0, ...Array.from(fpr)], tpr: [0, ...Array.from(tpr)] };
}

export const curveOn = (frame: Frame, { fpr, tpr }: CurveOfRates): Svg =>
  curve({ x: placesOf(fpr, frame.x), y: placesOf(tpr, frame.y) }, { stroke: BLUE });

export const curveItem = (text: string): LegendItem => ({ sample: [line(0, 0, 32, 0, { stroke: BLUE, 'stroke-width': 2 })], text });

export const CHANCE_ITEM: LegendItem = { sample: [line(0, 0, 32, 0, CHANCE_LINE)], text: 'Chance' };

/** Where an operating point lies in a ROC plot. */
export const pointOfRates = (point: OperatingPoint): CrossedPoint => ({
  x: 1 - point.specificity,
  y: point.sensitivity,
  xInterval: point.specificityInterval === null ? null : [1 - point.specificityInterval[1], 1 - point.specificityInterval[0]],
  yInterval: point.sensitivityInterval,
});

export const operatingText = (point: OperatingPoint, conf: number): string =>
  `sensitivity ${withInterval(point.sensitivity, point.sensitivityInterval, conf)}, ` +
  `specificity ${withInterval(point.specificity, point.specificityInterval, conf)}`;
