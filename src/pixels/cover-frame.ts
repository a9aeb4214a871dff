import type { DisplayColour } from '../dicom/display-colour.js';
import type { ShutterShape } from '../dicom/display-shutter.js';
import type { OverlayPlane } from '../dicom/overlay-plane.js';
import type { Covering, DisplayFrame } from './pixel-job.js';

/** A centre so near to an edge is on it: roots and quotients are not exact. */
const ON_EDGE = 1e-6;

/** A run of pixels of one row, both ends within; none where the first is beyond the last. Columns from 1. */
type Run = readonly [first: number, last: number];

/**
 * Covers what a shutter hides and what overlays set (PS3.3 C.7.6.11, C.9.2), each pixel by its centre.
 * @param display  as large as the image; changed in place
 */
export function coverFrame(display: DisplayFrame, { shutter, overlays }: Covering): void {
  // Of several shapes the least of the image remains to be seen (C.7.6.11): each covers what is outside of it.
  if (shutter !== undefined)
    for (const shape of shutter.shapes)
      for (let row = 1; row <= display.rows; row++) coverOutside(display, row, runsInside(shape, row), shutter.colour);
  for (const { plane, colour } of overlays) coverPlane(display, plane, colour);
}

/** The pixels of a row whose centres are inside a shape or on its edge. */
function runsInside(shape: ShutterShape, row: number): Run[] {
  switch (shape.kind) {
    case 'rectangle':
      return row >= Math.min(shape.upper, shape.lower) && row <= Math.max(shape.upper, shape.lower)
        ? [[Math.min(shape.left, shape.right), Math.max(shape.left, shape.right)]]
        : [];
    case 'circle': {
      const down = (row - shape.row) / shape.radiusRows;
      const half = shape.radiusColumns * Math.sqrt(1 - down * down); // NaN above and below
      return half >= 0 ? [[shape.column - half, shape.column + half]] : [];
    }
    case 'polygon':
      return polygonRuns(shape.vertices, row);
  }
}

/** By the even-odd rule from both sides of the row, and with level edges: so every point of the outline counts as inside. */
function polygonRuns(vertices: Extract<ShutterShape, { kind: 'polygon' }>['vertices'], row: number): Run[] {
  const [above, below, level]: [number[], number[], Run[]] = [[], [], []];
  vertices.forEach((from, i) => {
    const to = vertices[(i + 1) % vertices.length];
    if (from.row === to.row) {
      if (from.row === row) level.push([Math.min(from.column, to.column), Math.max(from.column, to.column)]);
      return;
    }
    const at = from.column + ((row - from.row) / (to.row - from.row)) * (to.column - from.column);
    const [upper, lower] = [Math.min(from.row, to.row), Math.max(from.row, to.row)];
    if (upper < row && row <= lower) above.push(at);
    if (upper <= row && row < lower) below.push(at);
  });
  return [...pairs(above), ...pairs(below), ...level];
}

function pairs(crossings: number[]): Run[] {
  const sorted = crossings.sort((one, other) => one - other);
  return Array.from({ length: sorted.length >> 1 }, (_, i) => [sorted[2 * i], sorted[2 * i + 1]] as const);
}

function coverOutside(display: DisplayFrame, row: number, inside: readonly Run[], colour: DisplayColour): void {
  const runs = inside
    .map(([first, last]): Run => [Math.ceil(first - ON_EDGE), Math.floor(last + ON_EDGE)])
    .filter(([first, last]) => first <= last);
  let next = 1;
  for (const [first, last] of runs.sort(([one], [other]) => one - other)) {
    if (first > next) cover(display, row, [next, first - 1], colour);
    next = Math.max(next, last + 1);
  }
  cover(display, row, [next, display.columns], colour);
}

function coverPlane(display: DisplayFrame, { rows, columns, top, left, bits, bitOffset }: OverlayPlane, colour: DisplayColour): void {
  const firstColumn = Math.max(0, -left);
  const lastColumn = Math.min(columns, display.columns - left) - 1;
  for (let row = Math.max(0, -top); row < rows && row + top < display.rows; row++)
    for (let column = firstColumn; column <= lastColumn; column++) {
      const bit = bitOffset + row * columns + column;
      if (((bits[bit >> 3] >> (bit & 7)) & 1) === 1) cover(display, row + top + 1, [column + left + 1, column + left + 1], colour);
    }
}

function cover({ bytes, columns, channels }: DisplayFrame, row: number, [first, last]: Run, { grey, rgb }: DisplayColour): void {
  const line = (row - 1) * columns - 1;
  const [from, to] = [line + Math.max(1, first), line + Math.min(columns, last) + 1];
  if (channels === 1) {
    if (to > from) bytes.fill(grey, from, to);
    return;
  }
  for (let pixel = from; pixel < to; pixel++) bytes.set(rgb, pixel * channels);
}
