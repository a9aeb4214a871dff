import { csvOf } from './csv.js';
import { cutLettering, headline, lettering } from './drawing/lettering.js';
import { GREY, INK } from './drawing/marks.js';
import { rectangle, svgDocument, type Svg } from './drawing/svg.js';
import { textWidth } from './drawing/text-width.js';
import { countText, counted, percentText } from './drawing/words.js';
import { FigureError } from './figure-error.js';
import type { Captioned, Figure } from './figure.js';
import { requireCounts, requireSome } from './input-checks.js';

export interface ConfusionInput extends Captioned {
  readonly classes: readonly string[];
  /** cases by [truth][call], in the order of the classes */
  readonly counts: readonly (readonly number[])[];
}

const CELL = 104;
const LEFT = 176;
const COLUMN_HEADS = 62;

/**
 * How often each true class was called what: the count, and its share of the true class (the row).
 * @throws FigureError  E_EMPTY (also no case at all), E_LENGTH_MISMATCH, E_NON_FINITE, E_DOMAIN
 */
export function confusionFigure(input: ConfusionInput): Figure {
  const { classes, counts } = input;
  requireSome(classes);
  if (counts.length !== classes.length || counts.some(({ length }) => length !== classes.length))
    throw new FigureError('E_LENGTH_MISMATCH');
  requireCounts(counts.flat());
  if (total(counts.flat()) === 0) throw new FigureError('E_EMPTY');
  return { svg: drawing(input), csv: table(input) };
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Of the true class; null where it has no case. */
const shareOf = (count: number, row: readonly number[]): number | null => {
  const all = total(row);
  return all === 0 ? null : count / all;
};

function drawing(input: ConfusionInput): string {
  const { title, classes, counts } = input;
  const width = Math.max(420, LEFT + CELL * classes.length + 16);
  const head = headline(title, width);
  const top = head.height + COLUMN_HEADS;
  const side = CELL * classes.length;
  const middle = { 'text-anchor': 'middle' };
  return svgDocument(
    { width, height: top + side + 34, title, description: inWords(input) },
    ...head.svg,
    lettering('Called', LEFT + side / 2, top - 36, { size: 13, bold: true }, middle),
    lettering('Truth', 16, top - 12, { size: 13, bold: true }),
    ...classes.flatMap((name, i) => [
      cutLettering(name, LEFT + CELL * (i + 0.5), top - 12, CELL - 8, { size: 12 }, middle),
      cutLettering(name, LEFT - 10, top + CELL * (i + 0.5), LEFT - 26, { size: 12 }, { 'text-anchor': 'end' }),
      lettering(`n = ${countText(total(counts[i]))}`, LEFT - 10, top + CELL * (i + 0.5) + 17, { size: 11 }, { 'text-anchor': 'end' }),
    ]),
    ...counts.flatMap((row, i) => row.flatMap((count, j) => cell(LEFT + CELL * j, top + CELL * i, count, shareOf(count, row), i === j))),
    lettering('Shares are of the true class (row).', LEFT, top + side + 20, { size: 11 }),
  );
}

/** The larger the share, the darker; what is called right has a thick frame, so that it is found without colour. */
function cell(x: number, y: number, count: number, share: number | null, isRight: boolean): Svg[] {
  const inset = isRight ? 3 : 1;
  const middle = { 'text-anchor': 'middle' };
  const frame = isRight ? { stroke: INK, 'stroke-width': 3 } : { stroke: GREY, 'stroke-width': 1 };
  return [
    rectangle(x + inset, y + inset, CELL - 2 * inset, CELL - 2 * inset, { fill: shade(share ?? 0), ...frame }),
    lettering(countText(count), x + CELL / 2, y + CELL / 2, { size: sizeOf(countText(count)), bold: true }, middle),
    lettering(share === null ? 'no case' : percentText(share), x + CELL / 2, y + CELL / 2 + 20, { size: 12 }, middle),
  ];
}

/** Of a count's digits, so that all of them have room. */
const sizeOf = (digits: string): number => Math.min(18, (CELL - 14) / textWidth(digits, { size: 1, bold: true }));

/** White to three quarters of the palette's blue, on which ink has still a contrast of 5 to 1 (WCAG 2.2, 1.4.3). */
function shade(share: number): string {
  const [red, green, blue] = [0x00, 0x72, 0xb2].map((full) => Math.round(255 + (full - 255) * 0.75 * share));
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function inWords({ classes, counts }: ConfusionInput): string {
  const right = total(counts.map((row, i) => row[i]));
  const all = total(counts.flat());
  return [
    `Confusion matrix of ${counted(all, 'case')} in ${counted(classes.length, 'class', 'classes')}; ${countText(right)} (${percentText(right / all)}) called as the truth is.`,
    ...counts.map((row, i) => {
      const calls = row.map((count, j) => {
        const share = shareOf(count, row);
        return `${countText(count)}${share === null ? '' : ` (${percentText(share)})`} as ${classes[j]}`;
      });
      return `Of ${countText(total(row))} with truth ${classes[i]}, called ${calls.join(', ')}.`;
    }),
  ].join(' ');
}

const table = ({ classes, counts }: ConfusionInput): string =>
  csvOf(
    ['truth', 'called', 'n', 'share_of_truth'],
    counts.flatMap((row, i) => row.map((count, j) => [classes[i], classes[j], count, shareOf(count, row)])),
  );
