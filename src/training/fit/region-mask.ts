import type { Region } from '../datasets/labelled-image.js';

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** 1 where the region covers a pixel's centre; 0 throughout without a region. */
export function regionMask(region: Region | undefined, rows: number, columns: number): Uint8Array {
  const mask = new Uint8Array(rows * columns);
  if (region === undefined) return mask;
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  const [left, right] = [clamp(region.left * columns, columns), clamp((region.left + region.width) * columns, columns)];
  const [top, bottom] = [clamp(region.top * rows, rows), clamp((region.top + region.height) * rows, rows)];
  for (let y = top; y < bottom; y++) mask.fill(1, y * columns + left, y * columns + right);
  return mask;
}

/** The share of each place of a map, laid over the picture, that a mask covers. @param map  [rows, columns] */
export function coveredShares(mask: Uint8Array, { rows, columns }: Size, [mapRows, mapColumns]: readonly [number, number]): Float32Array {
  const covered = new Float32Array(mapRows * mapColumns);
  const pixels = new Float32Array(mapRows * mapColumns);
  for (let y = 0; y < rows; y++) {
    const row = Math.floor((y * mapRows) / rows) * mapColumns;
    for (let x = 0; x < columns; x++) {
      const cell = row + Math.floor((x * mapColumns) / columns);
      covered[cell] += mask[y * columns + x];
      pixels[cell]++;
    }
  }
  return covered.map((count, cell) => count / pixels[cell]);
}
