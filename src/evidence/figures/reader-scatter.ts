import { symbolCircle, symbolSquare, symbolTriangle } from 'd3-shape';
import { csvOf, type Cell } from './csv.js';
import { BELOW_AXIS, frameOf, type Frame } from './drawing/frame.js';
import { cutLettering, headline, legend, lettering, type LegendItem } from './drawing/lettering.js';
import { BLUE, DOTTED, GREY, INK, mark, PALE, VERMILLION } from './drawing/marks.js';
import { CHANCE_ITEM, curveItem, curveOn, fromOrigin, rocGround } from './drawing/roc-plot.js';
import { line, svgDocument, type Svg } from './drawing/svg.js';
import { tagPlaces, type Spot } from './drawing/tag-places.js';
import { counted, numberText, withInterval } from './drawing/words.js';
import type { Area, CurveOfRates, Figure, WithConfidence } from './figure.js';
import { FigureError } from './figure-error.js';
import { requireConfidence, requireCurveOfRates, requireShareIntervals, requireShares, requireSome } from './input-checks.js';

export interface RatesOfReader {
  readonly sensitivity: number;
  readonly specificity: number;
}

/** A reader with one arm at least. */
export interface ReaderRow {
  readonly reader: string;
  readonly unaided: RatesOfReader | null;
  readonly aided: RatesOfReader | null;
}

export interface ReaderScatterInput extends WithConfidence {
  readonly readers: readonly ReaderRow[];
  /** the model's own */
  readonly curve: CurveOfRates;
  readonly auc: Area;
  readonly operatingPoint: RatesOfReader | null;
}

const WIDTH = 980;
const SIDE = 460;
const KEY = { left: 560, right: WIDTH - 16, step: 18 };
const COLUMNS = { unaided: 820, aided: KEY.right };
const UNAIDED = { fill: '#ffffff', stroke: INK, 'stroke-width': 1.5 };
const AIDED = { fill: VERMILLION, stroke: INK };
const MODEL = { fill: BLUE, stroke: INK };
const JOINED = { stroke: INK, 'stroke-width': 1 };
const LEADER = { stroke: GREY, 'stroke-width': 0.75, 'stroke-dasharray': DOTTED };

/**
 * Each reader's operating point (unaided: open circle; aided: filled triangle; both joined) with the model's ROC curve and
 * operating point. Points bear the reader's number; the key beside says who and how much.
 * @throws FigureError  E_EMPTY (also a reader without a point), E_LENGTH_MISMATCH, E_NON_FINITE, E_DOMAIN, E_ORDER
 */
export function readerScatterFigure(input: ReaderScatterInput): Figure {
  requireReaders(input);
  const points = fromOrigin(input.curve);
  return { svg: drawing(input, points), csv: table(input, points) };
}

function requireReaders({ readers, curve, auc, operatingPoint, conf }: ReaderScatterInput): void {
  requireSome(readers);
  if (readers.some(({ unaided, aided }) => unaided === null && aided === null)) throw new FigureError('E_EMPTY');
  requireCurveOfRates(curve);
  for (const rates of [operatingPoint, ...readers.flatMap(({ unaided, aided }) => [unaided, aided])])
    if (rates !== null) requireShares([rates.sensitivity, rates.specificity]);
  requireShares([auc.estimate]);
  requireShareIntervals(auc.interval);
  requireConfidence(conf);
}

function drawing(input: ReaderScatterInput, points: CurveOfRates): string {
  const { title, readers, operatingPoint } = input;
  const head = headline(title, WIDTH);
  const frame = frameOf({ left: 72, top: head.height, width: SIDE, height: SIDE }, [0, 1], [0, 1]);
  const below = legend(legendItems(input), 24, frame.bottom + BELOW_AXIS, KEY.left - 48);
  const height = Math.max(frame.bottom + BELOW_AXIS + below.height, frame.top + (readers.length + 2) * KEY.step) + 12;
  return svgDocument(
    { width: WIDTH, height, title, description: inWords(input) },
    ...rocGround(frame),
    curveOn(frame, points),
    ...readersOn(frame, readers, operatingPoint),
    ...(operatingPoint === null ? [] : [markAt(spotOf(frame, operatingPoint), 'model')]),
    ...head.svg,
    ...below.svg,
    ...key(readers, frame.top),
  );
}

const spotOf = ({ x, y }: Frame, { sensitivity, specificity }: RatesOfReader): Spot => ({ x: x(1 - specificity), y: y(sensitivity) });

function markAt({ x, y }: Spot, what: 'unaided' | 'aided' | 'model'): Svg {
  if (what === 'unaided') return mark(x, y, symbolCircle, UNAIDED, 52);
  return what === 'aided' ? mark(x, y, symbolTriangle, AIDED, 52) : mark(x, y, symbolSquare, MODEL, 90);
}

function readersOn(frame: Frame, readers: readonly ReaderRow[], operatingPoint: RatesOfReader | null): Svg[] {
  const arms = readers.map(({ unaided, aided }) => ({
    unaided: unaided === null ? null : spotOf(frame, unaided),
    aided: aided === null ? null : spotOf(frame, aided),
  }));
  const tagged = arms.flatMap(({ unaided, aided }) => unaided ?? aided ?? []);
  const others = arms.flatMap(({ unaided, aided }) => (unaided === null ? [] : (aided ?? [])));
  if (operatingPoint !== null) others.push(spotOf(frame, operatingPoint));
  const tags = tagPlaces(tagged, others, { width: 2 + 8 * String(readers.length).length, height: 13 }, frame);
  return [
    ...arms.flatMap(({ unaided, aided }) =>
      unaided === null || aided === null ? [] : [line(unaided.x, unaided.y, aided.x, aided.y, JOINED)],
    ),
    ...tags.flatMap((tag, i) => leader(tagged[i], tag)),
    ...arms.flatMap(({ unaided, aided }) => [
      ...(unaided === null ? [] : [markAt(unaided, 'unaided')]),
      ...(aided === null ? [] : [markAt(aided, 'aided')]),
    ]),
    ...tags.map(({ x, y }, i) => lettering(String(i + 1), x, y + 4, { size: 11, bold: true }, { 'text-anchor': 'middle', ...HALO })),
  ];
}

/** White around a number, so that it is read over a line. */
const HALO = { stroke: '#ffffff', 'stroke-width': 3, 'paint-order': 'stroke' };

/** From a symbol to its tag, where that is not beside it. */
const leader = (spot: Spot, tag: Spot): Svg[] =>
  Math.max(Math.abs(spot.x - tag.x), Math.abs(spot.y - tag.y)) <= 16 ? [] : [line(spot.x, spot.y, tag.x, tag.y, LEADER)];

function key(readers: readonly ReaderRow[], top: number): Svg[] {
  const heads = { size: 11, bold: true };
  const font = { size: 11 };
  const end = { 'text-anchor': 'end' };
  const base = top + 12;
  return [
    lettering('Reader', KEY.left, base, heads),
    lettering('Unaided', COLUMNS.unaided, base, heads, end),
    lettering('Aided', COLUMNS.aided, base, heads, end),
    lettering('sensitivity / specificity', COLUMNS.unaided, base + KEY.step, font, end),
    lettering('sensitivity / specificity', COLUMNS.aided, base + KEY.step, font, end),
    line(KEY.left, base + KEY.step + 5, KEY.right, base + KEY.step + 5, { stroke: PALE }),
    ...readers.flatMap(({ reader, unaided, aided }, i) => {
      const y = base + KEY.step * (i + 2);
      return [
        lettering(String(i + 1), KEY.left + 18, y, heads, end),
        cutLettering(reader, KEY.left + 26, y, 144, font),
        lettering(ratesText(unaided), COLUMNS.unaided, y, font, end),
        lettering(ratesText(aided), COLUMNS.aided, y, font, end),
      ];
    }),
  ];
}

const ratesText = (rates: RatesOfReader | null): string =>
  rates === null ? '–' : `${numberText(rates.sensitivity)} / ${numberText(rates.specificity)}`;

function legendItems({ readers, auc, conf, operatingPoint }: ReaderScatterInput): LegendItem[] {
  const at = { x: 16, y: 0 };
  const hasAided = readers.some(({ aided }) => aided !== null);
  const hasUnaided = readers.some(({ unaided }) => unaided !== null);
  return [
    curveItem(`ROC curve of the model, AUC ${withInterval(auc.estimate, auc.interval, conf)}`),
    ...(operatingPoint === null
      ? []
      : [{ sample: [markAt(at, 'model')], text: `The model’s operating point: ${pointText(operatingPoint)}` }]),
    ...(hasUnaided ? [{ sample: [markAt(at, 'unaided')], text: 'Reader without the model' }] : []),
    ...(hasAided ? [{ sample: [markAt(at, 'aided')], text: 'Reader with the model; a line joins both points of a reader' }] : []),
    CHANCE_ITEM,
  ];
}

const pointText = ({ sensitivity, specificity }: RatesOfReader): string =>
  `sensitivity ${numberText(sensitivity)}, specificity ${numberText(specificity)}`;

function inWords({ readers, auc, conf, operatingPoint }: ReaderScatterInput): string {
  const means = (['unaided', 'aided'] as const).flatMap((arm) => {
    const rates = readers.flatMap((reader) => reader[arm] ?? []);
    if (rates.length === 0) return [];
    const mean = (of: keyof RatesOfReader): number => rates.reduce((sum, one) => sum + one[of], 0) / rates.length;
    const words = pointText({ sensitivity: mean('sensitivity'), specificity: mean('specificity') });
    return [`Mean of ${counted(rates.length, 'reader')} ${arm === 'aided' ? 'with' : 'without'} the model: ${words}.`];
  });
  return [
    `Operating points of ${counted(readers.length, 'reader')} beside the ROC curve of the model.`,
    `Area under the model’s curve ${withInterval(auc.estimate, auc.interval, conf)}.`,
    ...(operatingPoint === null ? [] : [`The model’s operating point: ${pointText(operatingPoint)}.`]),
    ...means,
  ].join(' ');
}

function table({ readers, operatingPoint }: ReaderScatterInput, { fpr, tpr }: CurveOfRates): string {
  const rows: Cell[][] = Array.from(fpr, (rate, i) => ['curve', null, rate, tpr[i], null, null]);
  const add = (series: string, reader: string | null, rates: RatesOfReader | null): void => {
    if (rates !== null) rows.push([series, reader, null, null, rates.sensitivity, rates.specificity]);
  };
  add('operating_point', null, operatingPoint);
  for (const { reader, unaided, aided } of readers) {
    add('unaided', reader, unaided);
    add('aided', reader, aided);
  }
  return csvOf(['series', 'reader', 'fpr', 'tpr', 'sensitivity', 'specificity'], rows);
}
