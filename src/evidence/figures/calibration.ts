import { symbolCircle } from 'd3-shape';
import { csvOf, type Cell } from './csv.js';
import { barsOf, type Bar } from './drawing/bars.js';
import { BELOW_AXIS, bottomAxis, frameOf, leftAxis, ruled, upright, type Frame } from './drawing/frame.js';
import { headline, legend, lettering, type LegendItem } from './drawing/lettering.js';
import { BLUE, curve, DOTTED, GREY, INK, mark, PALE_BLUE, whisker } from './drawing/marks.js';
import { line, rectangle, svgDocument, type Svg } from './drawing/svg.js';
import { countText, counted, intervalText, levelText, numberText } from './drawing/words.js';
import { FigureError } from './figure-error.js';
import type { Figure, Interval, WithConfidence } from './figure.js';
import { requireAscending, requireConfidence, requireCounts, requireShareIntervals, requireShares, requireSome } from './input-checks.js';

/** Cases of like probability; an empty bin has neither mean nor share. */
export interface CalibrationBin {
  readonly lower: number;
  readonly upper: number;
  readonly n: number;
  readonly meanPredicted: number | null;
  readonly observed: number | null;
  /** of the observed share */
  readonly interval: Interval | null;
}

export interface CalibrationInput extends WithConfidence {
  /** ascending, not overlapping */
  readonly bins: readonly CalibrationBin[];
  /** expected calibration error over these bins */
  readonly ece: number;
  /** the predicted probabilities that the bins hold */
  readonly scores: ArrayLike<number>;
}

type FullBin = CalibrationBin & { readonly meanPredicted: number; readonly observed: number };

const WIDTH = 520;
const SIDE = 420;
const HISTOGRAM = 90;
const GAP = 16;
const BARS = 50;
const DIAGONAL = { stroke: GREY, 'stroke-dasharray': DOTTED, 'stroke-width': 1.5 };

/**
 * Observed against predicted probability, bin by bin with its interval, beside the diagonal of a perfect forecast; how the
 * predictions are spread below.
 * @throws FigureError  E_EMPTY, E_NON_FINITE (also a bin with cases but without mean or share), E_DOMAIN, E_ORDER,
 *                      E_INCONSISTENT the bins hold more or fewer cases than there are scores
 */
export function calibrationFigure(input: CalibrationInput): Figure {
  requireCalibration(input);
  const full = input.bins.filter((one): one is FullBin => one.n > 0);
  const bars = barsOf(input.scores, [0, 1], BARS);
  return { svg: drawing(input, full, bars), csv: table(full, bars) };
}

function requireCalibration({ bins, scores, ece, conf }: CalibrationInput): void {
  requireSome(bins);
  requireSome(scores);
  requireShares(scores);
  requireShares([ece]);
  requireConfidence(conf);
  requireCounts(bins.map(({ n }) => n));
  for (const one of bins) {
    requireShareIntervals([one.lower, one.upper], one.interval);
    if (one.n > 0) requireShares([one.meanPredicted ?? NaN, one.observed ?? NaN]);
  }
  requireAscending(bins.flatMap(({ lower, upper }) => [lower, upper]));
  if (bins.reduce((sum, { n }) => sum + n, 0) !== scores.length) throw new FigureError('E_INCONSISTENT');
}

function drawing(input: CalibrationInput, full: readonly FullBin[], bars: readonly Bar[]): string {
  const { title, conf, ece } = input;
  const head = headline(title, WIDTH);
  const upper = frameOf({ left: 72, top: head.height, width: SIDE, height: SIDE }, [0, 1], [0, 1]);
  const most = Math.max(...bars.map(({ n }) => n));
  const lower = frameOf({ left: 72, top: upper.bottom + GAP, width: SIDE, height: HISTOGRAM }, [0, 1], [0, most]);
  const below = legend(legendItems(conf, ece), 24, lower.bottom + BELOW_AXIS, WIDTH - 48);
  return svgDocument(
    { width: WIDTH, height: lower.bottom + BELOW_AXIS + below.height + 8, title, description: inWords(input, full) },
    ...ruled(upper),
    ...leftAxis(upper, 'Observed share of positives'),
    line(upper.x(0), upper.y(0), upper.x(1), upper.y(1), DIAGONAL),
    ...reliability(upper, full),
    ...histogram(lower, bars, most),
    ...bottomAxis(lower, 'Predicted probability'),
    ...head.svg,
    ...below.svg,
  );
}

function reliability({ x, y }: Frame, full: readonly FullBin[]): Svg[] {
  const [across, up] = [full.map(({ meanPredicted }) => x(meanPredicted)), full.map(({ observed }) => y(observed))];
  return [
    ...full.flatMap(({ interval }, i) =>
      interval === null ? [] : [whisker([across[i], y(interval[0])], [across[i], y(interval[1])], { stroke: INK })],
    ),
    curve({ x: across, y: up }, { stroke: BLUE, 'stroke-width': 1 }),
    ...full.map((_, i) => mark(across[i], up[i], symbolCircle, { fill: BLUE, stroke: INK }, 50)),
  ];
}

function histogram({ x, y, left, top, width, height, bottom }: Frame, bars: readonly Bar[], most: number): Svg[] {
  return [
    ...bars
      .filter(({ n }) => n > 0)
      .map(({ from, to, n }) =>
        rectangle(x(from), y(n), x(to) - x(from), bottom - y(n), { fill: PALE_BLUE, stroke: BLUE, 'stroke-width': 0.75 }),
      ),
    rectangle(left, top, width, height, { fill: 'none', stroke: GREY }),
    lettering('0', left - 8, bottom, { size: 11 }, { 'text-anchor': 'end' }),
    lettering(countText(most), left - 8, top + 10, { size: 11 }, { 'text-anchor': 'end' }),
    upright('Cases', 18, top + height / 2, height),
  ];
}

const legendItems = (conf: number, ece: number): LegendItem[] => [
  {
    sample: [
      whisker([16, -8], [16, 8], { stroke: INK }),
      line(0, 0, 32, 0, { stroke: BLUE }),
      mark(16, 0, symbolCircle, { fill: BLUE, stroke: INK }, 50),
    ],
    text: `Bins with the ${levelText(conf)} interval of the observed share; expected calibration error ${numberText(ece)}`,
  },
  { sample: [line(0, 0, 32, 0, DIAGONAL)], text: 'Perfect calibration' },
];

function inWords({ conf, ece, scores }: CalibrationInput, full: readonly FullBin[]): string {
  const gapOf = ({ meanPredicted, observed }: FullBin): number => Math.abs(meanPredicted - observed);
  const worst = full.reduce((one, other) => (gapOf(other) > gapOf(one) ? other : one));
  return [
    `Calibration of ${counted(scores.length, 'predicted probability', 'predicted probabilities')} in ${counted(full.length, 'bin')} with cases:`,
    `observed share of positives against mean prediction, with ${levelText(conf)} intervals, and a histogram of the predictions.`,
    `Expected calibration error ${numberText(ece)}.`,
    `The largest gap is in the bin from ${numberText(worst.lower)} to ${numberText(worst.upper)} (${counted(worst.n, 'case')}):`,
    `predicted ${numberText(worst.meanPredicted)}, observed ${numberText(worst.observed)} (${intervalText(worst.interval)}).`,
  ].join(' ');
}

const HEADER = ['series', 'from', 'to', 'n', 'mean_predicted', 'observed', 'observed_lower', 'observed_upper'];

function table(full: readonly FullBin[], bars: readonly Bar[]): string {
  const points: Cell[][] = full.map(({ lower, upper, n, meanPredicted, observed, interval }) => [
    'bin',
    lower,
    upper,
    n,
    meanPredicted,
    observed,
    ...(interval ?? [null, null]),
  ]);
  return csvOf(HEADER, [...points, ...bars.map(({ from, to, n }) => ['histogram', from, to, n, null, null, null, null])]);
}
