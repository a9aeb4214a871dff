import type { AttentionMap } from '../inference/reading.js';

/** An image as it is shown: 8 bits a sample, [rows × columns × channels], row by row. */
export interface DisplayImage {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly channels: 1 | 3;
}

/** An RGB image, 8 bits a sample, [rows × columns × 3]. */
export interface OverlaidImage {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly columns: number;
}

type Rgb = readonly [red: number, green: number, blue: number];

/** How much of the pixel is colour where the map is 1: the image stays visible everywhere. */
const GREATEST_OPACITY = 0.5;

/** Inferno (van der Walt and Smith, 2015) at 0, 0.1 … 1: as bright as the value is great, also to the colour-blind and in print. */
const INFERNO: readonly Rgb[] = [
  [0x00, 0x00, 0x04],
  [0x16, 0x0b, 0x39],
  [0x42, 0x0a, 0x68],
  [0x6a, 0x17, 0x6e],
  [0x93, 0x26, 0x67],
  [0xbc, 0x37, 0x54],
  [0xdd, 0x51, 0x3a],
  [0xf3, 0x78, 0x19],
  [0xfc, 0xa5, 0x0a],
  [0xf6, 0xd7, 0x46],
  [0xfc, 0xff, 0xa4],
];

/** The colour of a value in 0..1, between the entries of the table by linear interpolation. */
export function inferno(value: number): Rgb {
  const place = unit(value) * (INFERNO.length - 1);
  const below = Math.min(Math.floor(place), INFERNO.length - 2);
  const channel = (index: 0 | 1 | 2) => Math.round(between(INFERNO[below][index], INFERNO[below + 1][index], place - below));
  return [channel(0), channel(1), channel(2)];
}

/** The scale in 256 steps: no display shows more, and a million pixels ask for it. */
const SCALE: readonly Rgb[] = Array.from({ length: 256 }, (_, step) => inferno(step / 255));

/** Columns of the black gap, and of the colour bar right of it: each a fortieth of the image, four at least. */
export const barColumns = (columns: number): number => Math.max(4, Math.round(columns / 40));

/**
 * Lays an attention map over an image, bilinear between the centres of its cells: opacity is half the map's value, so
 * that where the map is 0 the image is as it was. Right of the image, where it hides nothing, stand a black gap and a
 * bar of the colours, 1 at the top, 0 at the bottom.
 * @returns as many rows, `columns + 2 × barColumns(columns)` columns
 */
export function overlayAttention(image: DisplayImage, map: AttentionMap): OverlaidImage {
  const { rows } = image;
  const bar = barColumns(image.columns);
  const columns = image.columns + 2 * bar;
  const bytes = new Uint8Array(rows * columns * 3);
  const places = Array.from({ length: image.columns }, (_, column) => neighbours(column, image.columns, map.columns));
  for (let row = 0; row < rows; row++) {
    const across = mapRow(map, neighbours(row, rows, map.rows));
    for (let column = 0; column < image.columns; column++) {
      const { first, second, share } = places[column];
      blend(image, row * image.columns + column, between(across[first], across[second], share), bytes, (row * columns + column) * 3);
    }
    const colour = inferno(rows === 1 ? 1 : 1 - row / (rows - 1));
    for (let column = columns - bar; column < columns; column++) bytes.set(colour, (row * columns + column) * 3);
  }
  return { bytes, rows, columns };
}

function blend({ bytes, channels }: DisplayImage, pixel: number, value: number, target: Uint8Array, at: number): void {
  const colour = SCALE[Math.round(value * 255)];
  for (let channel = 0; channel < 3; channel++) {
    const source = bytes[channels === 3 ? pixel * 3 + channel : pixel];
    target[at + channel] = Math.round(between(source, colour[channel], GREATEST_OPACITY * value));
  }
}

interface Neighbours {
  readonly first: number;
  readonly second: number;
  /** 0..1: how far the place is from the first to the second. */
  readonly share: number;
}

/** The two cells between whose centres the centre of a pixel lies; beyond the outermost centre, that cell alone. */
function neighbours(pixel: number, pixels: number, cells: number): Neighbours {
  const place = Math.min(cells - 1, Math.max(0, ((pixel + 0.5) / pixels) * cells - 0.5));
  const first = Math.floor(place);
  return { first, second: Math.min(first + 1, cells - 1), share: place - first };
}

/** One row of the map, between two of its rows: 0..1, one value a column of the map. */
function mapRow({ columns, values }: AttentionMap, { first, second, share }: Neighbours): Float64Array {
  const row = new Float64Array(columns);
  for (let column = 0; column < columns; column++)
    row[column] = between(unit(values[first * columns + column]), unit(values[second * columns + column]), share);
  return row;
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/** NaN counts as 0: what the model did not say must not be shown as said. */
function unit(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
