import { csvOf } from './csv.js';
import { barsOf, type Bar } from './drawing/bars.js';
import { BELOW_AXIS, bottomAxis, frameOf, leftAxis, roomyDomain, ruled, type Frame } from './drawing/frame.js';
import { headline, legend, type LegendItem } from './drawing/lettering.js';
import { BLUE, DASHED, INK, VERMILLION } from './drawing/marks.js';
import { line, rectangle, svgDocument, type Svg } from './drawing/svg.js';
import { countText, counted, numberText, percentText } from './drawing/words.js';
import type { Captioned, Figure } from './figure.js';
import { requireFinite, requireLabels, requireSameLength, requireScalable, requireSome } from './input-checks.js';

export interface ScoreDistributionInput extends Captioned {
  /** 0 or 1 a case */
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  /** a case is called positive where its score ≥ threshold */
  readonly threshold: number | null;
}

/** With its share of the class. */
interface ClassBar extends Bar {
  readonly share: number;
}

interface ClassBars {
  readonly name: 'positive' | 'negative';
  readonly n: number;
  readonly bars: readonly ClassBar[];
}

const WIDTH = 640;
const BARS = 40;
const POSITIVE = { fill: VERMILLION, stroke: INK, 'stroke-width': 0.75 };
const NEGATIVE = { fill: '#ffffff', stroke: BLUE, 'stroke-width': 1.25 };
const THRESHOLD = { stroke: INK, 'stroke-width': 1.5, 'stroke-dasharray': DASHED };

/**
 * Scores of positive cases upward (filled) and of negative ones downward (open), each as shares of its class, so that a rare
 * finding is seen as well as a common one.
 * @throws FigureError  E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN (scores beyond ±1e300)
 */
export function scoreDistributionFigure(input: ScoreDistributionInput): Figure {
  const { labels, scores, threshold } = input;
  requireSome(labels);
  requireSameLength(labels, scores);
  requireLabels(labels);
  requireFinite(scores);
  const domain = domainOf(scores, threshold);
  const classes = [classBars('positive', input, domain), classBars('negative', input, domain)] as const;
  return { svg: drawing(input, domain, classes), csv: table(classes, threshold) };
}

/** Probabilities from 0 to 1; other scores as far as they and the threshold go. */
function domainOf(scores: ArrayLike<number>, threshold: number | null): [number, number] {
  if (threshold !== null) requireFinite([threshold]);
  let [lowest, highest] = threshold === null ? [scores[0], scores[0]] : [threshold, threshold];
  for (let i = 0; i < scores.length; i++) {
    lowest = Math.min(lowest, scores[i]);
    highest = Math.max(highest, scores[i]);
  }
  requireScalable(lowest, highest);
  return lowest >= 0 && highest <= 1 ? [0, 1] : roomyDomain(lowest, highest);
}

function classBars(name: ClassBars['name'], { labels, scores }: ScoreDistributionInput, domain: [number, number]): ClassBars {
  const label = name === 'positive' ? 1 : 0;
  const own = Array.from(scores).filter((_, i) => labels[i] === label);
  const share = (n: number): number => (own.length === 0 ? 0 : n / own.length);
  return { name, n: own.length, bars: barsOf(own, domain, BARS).map((bar) => ({ ...bar, share: share(bar.n) })) };
}

function drawing(input: ScoreDistributionInput, domain: [number, number], classes: readonly [ClassBars, ClassBars]): string {
  const { title, threshold } = input;
  const [positive, negative] = classes;
  const head = headline(title, WIDTH);
  const most = Math.max(...classes.flatMap(({ bars }) => bars.map(({ share }) => share)));
  const frame = frameOf({ left: 72, top: head.height, width: WIDTH - 100, height: 300 }, domain, [-most, most]);
  const shown = threshold === null ? [] : [line(frame.x(threshold), frame.top, frame.x(threshold), frame.bottom, THRESHOLD)];
  const below = legend(legendItems(classes, threshold), 24, frame.bottom + BELOW_AXIS, WIDTH - 48);
  return svgDocument(
    { width: WIDTH, height: frame.bottom + BELOW_AXIS + below.height + 8, title, description: inWords(input, classes) },
    ...ruled(frame, 6),
    ...bottomAxis(frame, 'Score', 6),
    ...leftAxis(frame, 'Share of the class', 6, (share) => percentText(Math.abs(share))),
    ...barsOn(frame, positive, POSITIVE),
    ...barsOn(frame, negative, NEGATIVE),
    line(frame.left, frame.y(0), frame.right, frame.y(0), { stroke: INK }),
    ...shown,
    ...head.svg,
    ...below.svg,
  );
}

function barsOn({ x, y }: Frame, { name, bars }: ClassBars, attributes: typeof POSITIVE): Svg[] {
  return bars
    .filter(({ n }) => n > 0)
    .map(({ from, to, share }) => {
      const height = y(0) - y(share);
      return rectangle(x(from), name === 'positive' ? y(share) : y(0), x(to) - x(from), height, attributes);
    });
}

function legendItems([positive, negative]: readonly [ClassBars, ClassBars], threshold: number | null): LegendItem[] {
  const items = [
    { sample: [rectangle(4, -6, 24, 12, POSITIVE)], text: `Upward: ${counted(positive.n, 'case')} with the finding` },
    { sample: [rectangle(4, -6, 24, 12, NEGATIVE)], text: `Downward: ${counted(negative.n, 'case')} without the finding` },
  ];
  if (threshold !== null) items.push({ sample: [line(0, 0, 32, 0, THRESHOLD)], text: `Threshold ${numberText(threshold)}` });
  return items;
}

function inWords({ labels, scores, threshold }: ScoreDistributionInput, [positive, negative]: readonly [ClassBars, ClassBars]): string {
  const words = [
    `Distribution of the scores of ${counted(positive.n, 'case')} with the finding (upward) and ${counted(negative.n, 'case')} without it`,
    '(downward), as shares of each class.',
  ];
  if (threshold === null) return words.join(' ');
  const reaching = [0, 0];
  for (let i = 0; i < scores.length; i++) if (scores[i] >= threshold) reaching[labels[i]]++;
  words.push(`The threshold ${numberText(threshold)} is reached by ${countText(reaching[1])} of ${countText(positive.n)} with the finding`);
  return [...words, `and by ${countText(reaching[0])} of ${countText(negative.n)} without it.`].join(' ');
}

function table(classes: readonly ClassBars[], threshold: number | null): string {
  const rows = classes.flatMap(({ name, n: all, bars }) =>
    bars.map(({ from, to, n, share }) => [name, from, to, n, all === 0 ? null : share]),
  );
  return csvOf(['series', 'from', 'to', 'n', 'share'], threshold === null ? rows : [...rows, ['threshold', threshold, null, null, null]]);
}
