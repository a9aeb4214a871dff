import type { DisplayFrame } from './pixel-job.js';

/**
 * A frame shrunk by a whole factor, each pixel the mean of a square, as far as it stays at least as large as asked for: what
 * is left to scale is less than two to one. Rows and columns that fill no square at the end are dropped with the last one.
 * @param least  sides that the image will be fitted into, at least one of which it keeps
 */
export function boxShrunk(display: DisplayFrame, least: { readonly columns: number; readonly rows: number }): DisplayFrame {
  const factor = Math.floor(Math.max(1, Math.max(display.columns / least.columns, display.rows / least.rows)));
  const exact = display.columns % factor === 0 && display.rows % factor === 0; // else the picture would be bent a little
  if (factor < 2 || !exact) return display;
  const { channels, bytes } = display;
  const [columns, rows] = [display.columns / factor, display.rows / factor];
  const sums = new Uint32Array(columns * channels);
  const shrunk = new Uint8Array(columns * rows * channels);
  const line = display.columns * channels;
  const half = (factor * factor) >> 1;
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let y = row * factor; y < (row + 1) * factor; y++)
      for (let x = 0, at = y * line; x < columns; x++)
        for (let step = 0; step < factor; step++)
          for (let channel = 0; channel < channels; channel++, at++) sums[x * channels + channel] += bytes[at];
    for (let i = 0; i < sums.length; i++) shrunk[row * sums.length + i] = (sums[i] + half) / (factor * factor);
  }
  return { bytes: shrunk, rows, columns, channels };
}
