import { GLYPH_COLUMNS, GLYPH_ROWS, glyphOf } from './bitmap-font.js';
import type { DisplayFrame } from './pixel-job.js';

const ROWS_A_SCALE = 320;

/** How large a dot of a letter is, and how thick a line: an image of 640 rows has letters of 21 rows. */
export const letterScale = ({ rows, columns }: Pick<DisplayFrame, 'rows' | 'columns'>): number =>
  Math.floor(Math.min(rows, columns) / ROWS_A_SCALE) + 1;

/**
 * Draws lines of text into the upper left corner (PS3.18 8.3.5.1.1), white with a black edge, so that they can be read on
 * any ground. Our own font: a server may have none. What runs past the image is cut.
 * @param display  changed in place
 */
export function burnText(display: DisplayFrame, lines: readonly string[]): void {
  const scale = letterScale(display);
  lines.forEach((line, n) => {
    const top = scale * (2 + n * (GLYPH_ROWS + 3));
    Array.from(line.normalize('NFC')).forEach((character, i) =>
      drawGlyph(display, character, scale * (2 + i * (GLYPH_COLUMNS + 1)), top, scale),
    );
  });
}

function drawGlyph(display: DisplayFrame, character: string, left: number, top: number, scale: number): void {
  const rows = glyphOf(character);
  const isSet = (row: number, column: number) =>
    ((rows[row] ?? 0) >> (GLYPH_COLUMNS - 1 - column)) & 1 && column >= 0 && column < GLYPH_COLUMNS;
  for (let row = -1; row <= GLYPH_ROWS; row++)
    for (let column = -1; column <= GLYPH_COLUMNS; column++) {
      const near = [-1, 0, 1].some((dy) => [-1, 0, 1].some((dx) => isSet(row + dy, column + dx)));
      if (!near) continue;
      fill(display, left + column * scale, top + row * scale, scale, isSet(row, column) ? 255 : 0);
    }
}

function fill({ bytes, rows, columns, channels }: DisplayFrame, left: number, top: number, size: number, value: number): void {
  for (let y = Math.max(0, top); y < Math.min(rows, top + size); y++)
    bytes.fill(value, (y * columns + Math.max(0, left)) * channels, (y * columns + Math.max(0, Math.min(columns, left + size))) * channels);
}
