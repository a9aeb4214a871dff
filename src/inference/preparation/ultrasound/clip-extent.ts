import { isTissueRegion, type UltrasoundRegion } from './ultrasound-regions.js';

/** A part of a frame, in its pixels; it may reach beyond it. */
export interface ClipExtent {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * What a frame must show for a model whose pixels measure `spacing`: as many mm as the model's input, about the middle of the
 * largest 2-D region that says how much its pixels measure (Physical Delta X and Y, PS3.3 C.8.5.5.1.4); undefined where none does.
 * @param regions  of the instance
 * @param spacing  mm between rows, then between columns
 */
export function clipExtent(
  regions: readonly UltrasoundRegion[],
  { rows, columns }: { readonly rows: number; readonly columns: number },
  spacing: readonly [row: number, column: number],
): ClipExtent | undefined {
  const area = ({ x0, y0, x1, y1 }: UltrasoundRegion): number => (x1 - x0 + 1) * (y1 - y0 + 1);
  const measured = regions.filter((region) => isTissueRegion(region) && region.mmPerPixel !== undefined);
  const [largest] = measured.sort((a, b) => area(b) - area(a));
  if (largest?.mmPerPixel === undefined) return undefined;
  const { x0, y0, x1, y1 } = largest;
  const [across, down] = largest.mmPerPixel;
  const size = {
    rows: Math.max(1, Math.round((rows * spacing[0]) / down)),
    columns: Math.max(1, Math.round((columns * spacing[1]) / across)),
  };
  return { top: Math.round((y0 + y1 + 1 - size.rows) / 2), left: Math.round((x0 + x1 + 1 - size.columns) / 2), ...size };
}

/** The pixels of an extent; 0 where it reaches beyond the picture. */
export function cutOut(
  values: Float64Array,
  picture: { readonly rows: number; readonly columns: number },
  { top, left, rows, columns }: ClipExtent,
): Float64Array {
  const cut = new Float64Array(rows * columns);
  const [from, to] = [Math.max(0, left), Math.min(picture.columns, left + columns)];
  if (from >= to) return cut;
  for (let y = Math.max(0, top); y < Math.min(picture.rows, top + rows); y++)
    cut.set(values.subarray(y * picture.columns + from, y * picture.columns + to), (y - top) * columns + from - left);
  return cut;
}
