import type { SlicePlane } from './slice-plane.js';
import { notRead, type NotRead, type SliceWarning } from './volume-verdict.js';

/** Air is −1000 HU; a body CT whose lowest value lies above this shows none, and shows it in other units than HU. */
const AIR_BELOW_HU = -500;

/**
 * What the header tells of whether a series' values are Hounsfield units.
 * Rescale Type (0028,1054) must be given where values are not HU (PS3.3 C.8.2.1, C.11.1.1.2), so that its absence means HU:
 * but with unsigned pixels and no intercept nothing can lie below 0, and water would be air.
 * @param modality  Modality (0008,0060)
 */
export function unitVerdict(modality: string | undefined, slices: readonly SlicePlane[]): NotRead | { readonly reads: true } {
  if (modality?.trim().toUpperCase() !== 'CT')
    return notRead('not-hounsfield', 'the model reads Hounsfield units, and the series is no CT');
  if (slices.some(({ rescaleType }) => rescaleType !== undefined && rescaleType !== 'HU'))
    return notRead('not-hounsfield', 'the model reads Hounsfield units, and Rescale Type is another one');
  const neverNegative = ({ pixelRepresentation = 0, rescaleIntercept = 0 }: SlicePlane) =>
    pixelRepresentation === 0 && rescaleIntercept >= 0;
  if (slices.some((slice) => slice.rescaleType === undefined && neverNegative(slice)))
    return notRead('hounsfield-implausible', 'Rescale Type is absent, and no value can lie below 0: these are not Hounsfield units');
  return { reads: true };
}

/**
 * What the values tell. Where the header says HU it is believed, with a warning: a small field of view may hold no air.
 * @param lowest  of the whole volume, padding left out, after the Modality LUT
 */
export function valuesVerdict(
  lowest: number,
  rescaleType: string | undefined,
): NotRead | { readonly reads: true; readonly warnings: readonly SliceWarning[] } {
  if (lowest <= AIR_BELOW_HU) return { reads: true, warnings: [] };
  const found = `the lowest value is ${Number(lowest.toFixed(1))} where air is -1000 HU`;
  if (rescaleType === undefined) return notRead('hounsfield-implausible', `Rescale Type is absent, and ${found}`);
  return { reads: true, warnings: [{ code: 'hounsfield-implausible', text: found }] };
}
