import { lookUp, type LookupTable } from './lookup-table.js';
import type { StoredValues } from './stored-values.js';

/** From stored values to values with a meaning, HU for CT (PS3.3 C.11.1): a line or a table, never both. */
export type ModalityTransform =
  | { readonly kind: 'rescale'; readonly rescaleSlope: number; readonly rescaleIntercept: number }
  | { readonly kind: 'table'; readonly table: LookupTable };

/** One stored value after the Modality LUT (PS3.3 C.11.1.1, C.11.1.1.2). */
export function modalityValue(stored: number, transform: ModalityTransform): number {
  return transform.kind === 'table' ? lookUp(transform.table, stored) : stored * transform.rescaleSlope + transform.rescaleIntercept;
}

/**
 * The Modality LUT over a whole frame (PS3.3 C.11.1).
 * @param stored  stored values, [rows × columns], row by row
 * @returns same shape, in the unit of Rescale Type: HU for CT; a new array
 */
export function modalityValues(stored: StoredValues, transform: ModalityTransform): Float32Array {
  const values = new Float32Array(stored.length);
  if (transform.kind === 'table') for (let i = 0; i < stored.length; i++) values[i] = lookUp(transform.table, stored[i]);
  else {
    const { rescaleSlope, rescaleIntercept } = transform;
    for (let i = 0; i < stored.length; i++) values[i] = stored[i] * rescaleSlope + rescaleIntercept;
  }
  return values;
}
