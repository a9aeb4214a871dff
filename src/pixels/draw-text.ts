import type { GraphicPoint, GraphicText } from '../dicom/graphic-annotations.js';
import { GLYPH_COLUMNS, GLYPH_ROWS, glyphOf } from './bitmap-font.js';
import { dotMarkup } from './draw-shape.js';
import { written, type Placing, type Size } from './placing.js';

const LETTER = GLYPH_COLUMNS + 1;
const LINE = GLYPH_ROWS + 3;
/** The edge around letters. */
const EDGE = 1;
/** Between an anchor and text that has no box, in dots of a letter. */
const ASIDE = 3;

/** The letters that texts of one picture use, each described once. */
export class Glyphs {
  private readonly ids = new Map<string, number>();

  idOf(character: string): number {
    const id = this.ids.get(character) ?? this.ids.size;
    this.ids.set(character, id);
    return id;
  }

  markup(): string {
    return [...this.ids].map(([character, id]) => `<path id="g${id}" d="${outline(character)}"/>`).join('');
  }
}

/** The dots of a letter as a path, row by row. */
function outline(character: string): string {
  return glyphOf(character)
    .flatMap((bits, row) =>
      Array.from({ length: GLYPH_COLUMNS }, (_, column) => ((bits >> (GLYPH_COLUMNS - 1 - column)) & 1 ? `M${column},${row}h1v1h-1z` : '')),
    )
    .join('');
}

interface Drawing {
  readonly place: Placing;
  readonly picture: Size;
  readonly scale: number;
  readonly glyphs: Glyphs;
  readonly colour: string;
  readonly stroke: string;
}

/** The right of the picture, its bottom, its left, its top: where text may run to, as axes of its letters. */
const AXES = [
  { along: { x: 1, y: 0 }, down: { x: 0, y: 1 } },
  { along: { x: 0, y: 1 }, down: { x: -1, y: 0 } },
  { along: { x: -1, y: 0 }, down: { x: 0, y: -1 } },
  { along: { x: 0, y: -1 }, down: { x: 1, y: 0 } },
] as const;

/**
 * Text in its box (PS3.3 C.10.5.1.1): from the corner called upper left to the one called lower right, wherever the turn has
 * brought them, never mirrored; without a box beside its anchor. Moved as far as it takes to be seen, since the box does not
 * bound it; not drawn where neither box nor anchor is on the picture.
 */
export function textMarkup({ lines, box, anchor }: GraphicText, drawing: Drawing): string {
  const { place, picture, scale, glyphs, colour, stroke } = drawing;
  const at = anchor && place(anchor.at, anchor.units);
  const [from, to] = box ? [place(box.from, box.units), place(box.to, box.units)] : [];
  if (!(at && isOn(picture, at, at)) && !(from && to && isOn(picture, from, to))) return '';
  const letters = lines.map((line) => Array.from(line.normalize('NFC')));
  const width = Math.max(...letters.map(({ length }) => length)) * LETTER - 1;
  const { along, down } = from && to ? axesOf(from, to) : AXES[0];
  const boxWidth = from && to ? Math.abs((to.x - from.x) * along.x + (to.y - from.y) * along.y) / scale : width;
  const aside = { none: 0, LEFT: 0, CENTER: 0.5, RIGHT: 1 }[box?.justification ?? 'none'];
  const indents = letters.map(({ length }) => Math.round(aside * (boxWidth - length * LETTER + 1)));
  const start = from ?? { x: (at?.x ?? 0) + ASIDE * scale, y: (at?.y ?? 0) + ASIDE * scale };
  const least = Math.min(...indents) - EDGE;
  const block = { least, most: least + width + 2 * EDGE, rows: letters.length * LINE - 3 + EDGE };
  const corners = [block.least, block.most].flatMap((x) =>
    [-EDGE, block.rows].map((y) => ({ x: start.x + scale * (along.x * x + down.x * y), y: start.y + scale * (along.y * x + down.y * y) })),
  );
  const origin = {
    x:
      start.x +
      intoView(
        corners.map(({ x }) => x),
        picture.columns,
      ),
    y:
      start.y +
      intoView(
        corners.map(({ y }) => y),
        picture.rows,
      ),
  };
  const axes = [along, down].map(({ x, y }) => `${x * scale} ${y * scale}`).join(' ');
  const used = letters.flatMap((line, n) =>
    line.map((letter, i) =>
      letter === ' ' ? '' : `<use href="#g${glyphs.idOf(letter)}" x="${indents[n] + i * LETTER}" y="${n * LINE}"/>`,
    ),
  );
  const edge = isLight(colour) ? 'black' : 'white';
  // Whole pixels: a letter's dots are sharp.
  const matrix = `matrix(${axes} ${Math.round(origin.x)} ${Math.round(origin.y)})`;
  const text = `<g transform="${matrix}" fill="${colour}" stroke="${edge}" stroke-width="${2 * EDGE}" paint-order="stroke">${used.join('')}</g>`;
  return anchor?.isMarked && at ? `<g ${stroke} fill="none">${pointer(at, from, to)}${dotMarkup(at, scale)}</g>${text}` : text;
}

/** From the nearest point of the box to its anchor. */
function pointer(at: GraphicPoint, from: GraphicPoint | undefined, to: GraphicPoint | undefined): string {
  if (from === undefined || to === undefined) return '';
  const nearest = (value: number, one: number, other: number) => Math.max(Math.min(one, other), Math.min(Math.max(one, other), value));
  return `<path d="M${written({ x: nearest(at.x, from.x, to.x), y: nearest(at.y, from.y, to.y) })}L${written(at)}"/>`;
}

function axesOf(from: GraphicPoint, to: GraphicPoint): (typeof AXES)[number] {
  if (to.x >= from.x) return to.y >= from.y ? AXES[0] : AXES[3];
  return to.y >= from.y ? AXES[1] : AXES[2];
}

/** How far to move what reaches from the least to the greatest value, so that as much as can be is between 0 and the size, its start first. */
function intoView(values: readonly number[], size: number): number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least < 0 ? -least : Math.max(-least, Math.min(0, size - most));
}

const isOn = ({ columns, rows }: Size, one: GraphicPoint, other: GraphicPoint): boolean =>
  Math.max(one.x, other.x) >= 0 && Math.min(one.x, other.x) <= columns && Math.max(one.y, other.y) >= 0 && Math.min(one.y, other.y) <= rows;

/** `rgb(r,g,b)`; green is most of what is seen of brightness. */
const isLight = (colour: string): boolean => Number(colour.split(',')[1]) >= 128;
