import { symbolDiamond, symbolSquare } from 'd3-shape';
import { csvOf, type Cell } from './csv.js';
import { BELOW_AXIS, bottomAxis, frameOf, roomyDomain, type Frame } from './drawing/frame.js';
import { cutLettering, headline, lettering } from './drawing/lettering.js';
import { BLUE, DASHED, GREY, INK, mark, PALE, VERMILLION, whisker } from './drawing/marks.js';
import { line, svgDocument, type Svg } from './drawing/svg.js';
import { countText, counted, intervalText, levelText, numberText, withInterval } from './drawing/words.js';
import type { Figure, Interval, WithConfidence } from './figure.js';
import { requireConfidence, requireCounts, requireFinite, requireIntervals, requireScalable, requireSome } from './input-checks.js';

/** An estimate is null where the statistic does not exist: one class only, say. */
export interface ForestRow {
  readonly n: number;
  readonly estimate: number | null;
  readonly interval: Interval | null;
}

export interface Subgroup extends ForestRow {
  /** what the cases are divided by: `Sex`; rows of one variable stand together under it */
  readonly variable: string;
  readonly level: string;
}

export interface SubgroupForestInput extends WithConfidence {
  /** name of what is estimated: `AUC`, `Sensitivity` */
  readonly metric: string;
  readonly subgroups: readonly Subgroup[];
  /** of all cases */
  readonly pooled: ForestRow;
}

/** A line of the figure: a heading, a subgroup or the pooled estimate, with its middle at y. */
type Line = { readonly y: number } & (
  { readonly kind: 'heading'; readonly text: string } | { readonly kind: 'row' | 'pooled'; readonly text: string; readonly row: ForestRow }
);

const WIDTH = 848;
const LABELS = { left: 16, width: 212 };
const COUNT_RIGHT = 320;
const PLOT = { left: 344, width: 250 };
const ESTIMATE_LEFT = 612;
const STEP = 22;
const FONT = { size: 12 };
const POOLED_LINE = { stroke: VERMILLION, 'stroke-width': 1.5, 'stroke-dasharray': DASHED };

/**
 * The estimate of each subgroup with its interval and n, below each other, and the pooled estimate as a line through all.
 * @throws FigureError  E_EMPTY, E_NON_FINITE, E_DOMAIN
 */
export function subgroupForestFigure(input: SubgroupForestInput): Figure {
  requireForest(input);
  return { svg: drawing(input), csv: table(input) };
}

function requireForest({ subgroups, pooled, conf }: SubgroupForestInput): void {
  requireSome(subgroups);
  const rows = [...subgroups, pooled];
  requireFinite(rows.map(({ n }) => n));
  requireFinite(rows.map(({ estimate }) => estimate ?? 0));
  requireIntervals(...rows.map(({ interval }) => interval));
  requireScalable(...valuesOf(rows));
  requireConfidence(conf);
  requireCounts(rows.map(({ n }) => n));
}

const isShown = <Row extends ForestRow>(row: Row): row is Row & { readonly estimate: number } => row.estimate !== null;

const valuesOf = (rows: readonly ForestRow[]): number[] =>
  rows.filter((row) => isShown(row)).flatMap(({ estimate, interval }) => [estimate, ...(interval ?? [])]);

function linesOf({ subgroups, pooled }: SubgroupForestInput, top: number): Line[] {
  const lines: Line[] = [];
  let y = top + STEP / 2;
  for (const [i, row] of subgroups.entries()) {
    if (row.variable !== subgroups[i - 1]?.variable) {
      lines.push({ kind: 'heading', text: row.variable, y });
      y += STEP;
    }
    lines.push({ kind: 'row', text: row.level, row, y });
    y += STEP;
  }
  return [...lines, { kind: 'pooled', text: 'All cases', row: pooled, y: y + 6 }];
}

function drawing(input: SubgroupForestInput): string {
  const { title, metric, conf, subgroups, pooled } = input;
  const head = headline(title, WIDTH);
  const top = head.height + STEP;
  const lines = linesOf(input, top);
  const end = lines[lines.length - 1].y + STEP;
  const values = valuesOf([...subgroups, pooled]);
  const domain = values.length === 0 ? ([0, 1] as const) : roomyDomain(Math.min(...values), Math.max(...values));
  const frame = frameOf({ ...PLOT, top, height: end - top }, domain, [0, 1]);
  const most = Math.max(1, ...subgroups.map(({ n }) => n));
  return svgDocument(
    { width: WIDTH, height: end + BELOW_AXIS, title, description: inWords(input) },
    ...head.svg,
    ...columnHeads(top - 6, conf),
    ...frame.x.ticks(5).map((tick) => line(frame.x(tick), top, frame.x(tick), end, { stroke: PALE })),
    line(LABELS.left, top, WIDTH - 16, top, { stroke: GREY }),
    line(PLOT.left, end, frame.right, end, { stroke: GREY }),
    ...(isShown(pooled) ? [line(frame.x(pooled.estimate), top, frame.x(pooled.estimate), end, POOLED_LINE)] : []),
    ...lines.flatMap((one) => lineOn(frame, one, most)),
    ...bottomAxis(frame, metric),
  );
}

const columnHeads = (y: number, conf: number): Svg[] => {
  const font = { size: 12, bold: true };
  return [
    lettering('Subgroup', LABELS.left, y, font),
    lettering('n', COUNT_RIGHT, y, font, { 'text-anchor': 'end' }),
    lettering(`Estimate (${levelText(conf)} CI)`, ESTIMATE_LEFT, y, font),
  ];
};

function lineOn(frame: Frame, one: Line, most: number): Svg[] {
  const base = one.y + 4;
  if (one.kind === 'heading') return [cutLettering(one.text, LABELS.left, base, LABELS.width, { size: 12, bold: true })];
  const isPooled = one.kind === 'pooled';
  const indent = isPooled ? 0 : 14;
  const font = { ...FONT, bold: isPooled };
  return [
    cutLettering(one.text, LABELS.left + indent, base, LABELS.width - indent, font),
    lettering(countText(one.row.n), COUNT_RIGHT, base, font, { 'text-anchor': 'end' }),
    cutLettering(estimateText(one.row), ESTIMATE_LEFT, base, WIDTH - 16 - ESTIMATE_LEFT, font),
    ...estimateOn(frame, one.y, one.row, isPooled ? null : 16 + (100 * one.row.n) / most),
  ];
}

const estimateText = (row: ForestRow): string => {
  if (!isShown(row)) return 'not estimable';
  return `${numberText(row.estimate)} (${intervalText(row.interval)})`;
};

/** @param area  of the square, which grows with the number of cases; null draws the diamond of all */
function estimateOn({ x }: Frame, y: number, row: ForestRow, area: number | null): Svg[] {
  if (!isShown(row)) return [];
  const { estimate, interval } = row;
  return [
    ...(interval === null ? [] : [whisker([x(interval[0]), y], [x(interval[1]), y], { stroke: INK })]),
    area === null
      ? mark(x(estimate), y, symbolDiamond, { fill: VERMILLION, stroke: INK }, 110)
      : mark(x(estimate), y, symbolSquare, { fill: BLUE, stroke: INK }, area),
  ];
}

function inWords({ metric, conf, subgroups, pooled }: SubgroupForestInput): string {
  const shown = subgroups.filter((row) => isShown(row));
  const nameOf = ({ variable, level }: Subgroup): string => `${variable}: ${level}`;
  const words = [`${metric} of ${counted(subgroups.length, 'subgroup')} with ${levelText(conf)} intervals.`];
  if (isShown(pooled)) words.push(`All ${counted(pooled.n, 'case')} together: ${withInterval(pooled.estimate, pooled.interval, conf)}.`);
  if (shown.length > 0) {
    const lowest = shown.reduce((one, other) => (other.estimate < one.estimate ? other : one));
    const highest = shown.reduce((one, other) => (other.estimate > one.estimate ? other : one));
    words.push(`Lowest ${numberText(lowest.estimate)} (${nameOf(lowest)}, n = ${countText(lowest.n)}),`);
    words.push(`highest ${numberText(highest.estimate)} (${nameOf(highest)}, n = ${countText(highest.n)}).`);
  }
  if (shown.length < subgroups.length) words.push(`Not estimable in ${counted(subgroups.length - shown.length, 'subgroup')}.`);
  return words.join(' ');
}

function table({ subgroups, pooled }: SubgroupForestInput): string {
  const cells = ({ n, estimate, interval }: ForestRow): Cell[] => [
    n,
    estimate,
    ...(estimate === null ? [null, null] : (interval ?? [null, null])),
  ];
  return csvOf(
    ['series', 'variable', 'level', 'n', 'estimate', 'lower', 'upper'],
    [...subgroups.map((row) => ['subgroup', row.variable, row.level, ...cells(row)]), ['pooled', null, null, ...cells(pooled)]],
  );
}
