import { csvOf, type Cell } from './csv.js';
import { block, headline } from './drawing/lettering.js';
import { INK } from './drawing/marks.js';
import { element, line, px, rectangle, svgDocument, type Svg } from './drawing/svg.js';
import { wrapped } from './drawing/text-width.js';
import { countText, counted } from './drawing/words.js';
import { FigureError } from './figure-error.js';
import type { Captioned, Figure } from './figure.js';
import { requireCounts, requireSome } from './input-checks.js';

export interface Exclusion {
  readonly reason: string;
  readonly n: number;
}

/** Cases that came so far, and who of them went no farther. */
export interface FlowStep {
  readonly label: string;
  readonly n: number;
  readonly excluded: readonly Exclusion[];
}

export interface CaseFlowInput extends Captioned {
  /** from screened to analysed; the last excludes no one */
  readonly steps: readonly FlowStep[];
  /** what the analysed cases divide into: with and without the finding, say; may be empty */
  readonly groups: readonly { readonly label: string; readonly n: number }[];
}

const WIDTH = 720;
const FONT = { size: 12 };
const PADDING = 10;
const GAP = 26;
const MAIN = { left: 24, width: 320 };
const MIDDLE = MAIN.left + 140;
const SIDE = { left: 388, width: WIDTH - 388 - 16 };
const GROUP = { left: MAIN.left + 48, width: 272 };

/**
 * Who was screened, who was left out and why, who was analysed (STARD 2015, item 19).
 * @throws FigureError  E_EMPTY, E_NON_FINITE, E_DOMAIN, E_INCONSISTENT a step is not what the one before it leaves, or the
 *                      groups are not all that are analysed
 */
export function caseFlowFigure(input: CaseFlowInput): Figure {
  requireFlow(input);
  return { svg: drawing(input), csv: table(input) };
}

function requireFlow({ steps, groups }: CaseFlowInput): void {
  requireSome(steps);
  requireCounts([...steps, ...steps.flatMap(({ excluded }) => excluded), ...groups].map(({ n }) => n));
  const left = steps.map(({ n, excluded }) => n - sum(excluded));
  const isWhole = steps.every((step, i) => (i === 0 ? step.n >= left[0] : step.n === left[i - 1]));
  const last = steps[steps.length - 1];
  if (!isWhole || last.excluded.length > 0 || (groups.length > 0 && sum(groups) !== last.n)) throw new FigureError('E_INCONSISTENT');
}

const sum = (parts: readonly { readonly n: number }[]): number => parts.reduce((all, { n }) => all + n, 0);

interface Boxed {
  readonly svg: readonly Svg[];
  readonly top: number;
  readonly bottom: number;
}

/** A frame as high as its text. */
function boxed(paragraphs: readonly string[], { left, width }: { left: number; width: number }, top: number): Boxed {
  const lines = paragraphs.flatMap((text) => wrapped(text, width - 2 * PADDING, FONT, 4));
  const text = block(lines, left + PADDING, top + PADDING - 2, FONT);
  const height = text.height + 2 * PADDING - 4;
  return {
    svg: [rectangle(left, top, width, height, { fill: '#ffffff', stroke: INK, 'stroke-width': 1.25 }), ...text.svg],
    top,
    bottom: top + height,
  };
}

const WIRE = { stroke: INK, 'stroke-width': 1.25 };

function arrow(x1: number, y1: number, x2: number, y2: number): Svg[] {
  const head =
    x1 === x2
      ? ([
          [-4, -7],
          [4, -7],
        ] as const)
      : ([
          [-7, -4],
          [-7, 4],
        ] as const);
  const points = [...head, [0, 0]].map(([dx, dy]) => `${px(x2 + dx)},${px(y2 + dy)}`);
  return [line(x1, y1, x2, y2, WIRE), element('polygon', { points: points.join(' '), fill: INK })];
}

function drawing(input: CaseFlowInput): string {
  const { title, steps, groups } = input;
  const head = headline(title, WIDTH);
  const svg: Svg[] = [...head.svg];
  let y = head.height;
  for (const [i, step] of steps.entries()) {
    const main = boxed([`${step.label} (n = ${countText(step.n)})`], MAIN, y);
    svg.push(...main.svg);
    y = main.bottom;
    if (i === steps.length - 1) break;
    const side = step.excluded.length === 0 ? null : boxed(exclusionText(step.excluded), SIDE, main.bottom + 8);
    const next = side === null ? main.bottom + GAP : side.bottom + GAP - 8;
    if (side !== null) svg.push(...side.svg, ...arrow(MIDDLE, (side.top + side.bottom) / 2, SIDE.left, (side.top + side.bottom) / 2));
    svg.push(...arrow(MIDDLE, main.bottom, MIDDLE, next));
    y = next;
  }
  const last = y;
  for (const { label, n } of groups) {
    const box = boxed([`${label} (n = ${countText(n)})`], GROUP, y + 12);
    const middle = (box.top + box.bottom) / 2;
    svg.push(line(MAIN.left + 20, last, MAIN.left + 20, middle, WIRE), ...arrow(MAIN.left + 20, middle, GROUP.left, middle), ...box.svg);
    y = box.bottom;
  }
  return svgDocument({ width: WIDTH, height: y + 16, title, description: inWords(input) }, ...svg);
}

const exclusionText = (excluded: readonly Exclusion[]): string[] => [
  `Excluded (n = ${countText(sum(excluded))})`,
  ...excluded.map(({ reason, n }) => `• ${reason} (n = ${countText(n)})`),
];

const inWords = ({ steps, groups }: CaseFlowInput): string =>
  [
    'Flow of cases.',
    ...steps.map(({ label, n, excluded }) => {
      const why = excluded.map((one) => `${one.reason} ${countText(one.n)}`).join(', ');
      return `${label}: ${countText(n)}${excluded.length === 0 ? '' : `; excluded ${countText(sum(excluded))}: ${why}`}.`;
    }),
    ...(groups.length === 0 ? [] : [`Of these ${groups.map(({ label, n }) => `${countText(n)} ${label}`).join(', ')}.`]),
    `${counted(steps[steps.length - 1].n, 'case')} analysed of ${countText(steps[0].n)}.`,
  ].join(' ');

function table({ steps, groups }: CaseFlowInput): string {
  const rows: Cell[][] = steps.flatMap(({ label, n, excluded }, i) => [
    ['step', i + 1, label, n],
    ...excluded.map((one) => ['excluded', i + 1, one.reason, one.n]),
  ]);
  return csvOf(['series', 'step', 'label', 'n'], [...rows, ...groups.map(({ label, n }) => ['group', steps.length, label, n])]);
}
