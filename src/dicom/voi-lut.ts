import { lookUp, type LookupTable } from './lookup-table.js';
import { WindowTooNarrow } from './pixel-faults.js';

/** Centre and width in the unit that the Modality LUT puts out. */
export interface Window {
  readonly windowCenter: number;
  readonly windowWidth: number;
  /** Window Center & Width Explanation (0028,1055): its name among several. */
  readonly explanation?: string;
}

/** VOI LUT Function (0028,1056); LINEAR where absent. */
export type VoiLutFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

/** Everything a data set says about values of interest for one frame (PS3.3 C.11.2). */
export interface Voi {
  readonly windows: readonly Window[];
  readonly voiLutFunction: VoiLutFunction;
  readonly tables: readonly LookupTable[];
}

/**
 * VOI LUT, function LINEAR (PS3.3 C.11.2.1.2.1; its edges in test/dicom/voi-lut.test.ts).
 * @param modality  values after the Modality LUT
 * @param window    width at least 1
 * @returns display values 0…255, same shape; a new array
 * @throws WindowTooNarrow  width below 1: the clause gives it no meaning
 */
export function windowLinear(modality: Float32Array, { windowCenter, windowWidth }: Window): Uint8ClampedArray {
  if (!(windowWidth >= 1)) throw new WindowTooNarrow(windowWidth);
  const display = new Uint8ClampedArray(modality.length); // its clamping is the clause's two outer branches
  for (let i = 0; i < modality.length; i++) display[i] = ((modality[i] - (windowCenter - 0.5)) / (windowWidth - 1) + 0.5) * 255; // 0/0 at width 1 becomes 0, as "≤" asks
  return display;
}

/**
 * VOI LUT, function LINEAR_EXACT (PS3.3 C.11.2.1.3.2): no half steps at the window's ends.
 * @throws WindowTooNarrow  width not above 0
 */
export function windowLinearExact(modality: Float32Array, { windowCenter, windowWidth }: Window): Uint8ClampedArray {
  if (!(windowWidth > 0)) throw new WindowTooNarrow(windowWidth);
  const display = new Uint8ClampedArray(modality.length);
  for (let i = 0; i < modality.length; i++) display[i] = ((modality[i] - windowCenter) / windowWidth + 0.5) * 255;
  return display;
}

/**
 * VOI LUT, function SIGMOID (PS3.3 C.11.2.1.3.1).
 * @throws WindowTooNarrow  width not above 0
 */
export function windowSigmoid(modality: Float32Array, { windowCenter, windowWidth }: Window): Uint8ClampedArray {
  if (!(windowWidth > 0)) throw new WindowTooNarrow(windowWidth);
  const display = new Uint8ClampedArray(modality.length);
  for (let i = 0; i < modality.length; i++) display[i] = 255 / (1 + Math.exp((-4 * (modality[i] - windowCenter)) / windowWidth));
  return display;
}

const WINDOW_FUNCTIONS = { LINEAR: windowLinear, LINEAR_EXACT: windowLinearExact, SIGMOID: windowSigmoid };

/** A window by the function the data set names. @throws WindowTooNarrow */
export function applyWindow(modality: Float32Array, window: Window, voiLutFunction: VoiLutFunction): Uint8ClampedArray {
  return WINDOW_FUNCTIONS[voiLutFunction](modality, window);
}

/** VOI LUT Sequence (PS3.3 C.11.2.1.1): the table's output range becomes 0…255. */
export function applyVoiTable(modality: Float32Array, table: LookupTable): Uint8ClampedArray {
  const scale = 255 / (2 ** table.bits - 1);
  return Uint8ClampedArray.from(modality, (value) => lookUp(table, value) * scale);
}

/**
 * No VOI LUT: the range from `low` to `high` becomes 0…255.
 * @param low, high  in the unit of `modality`; where they are equal every value up to them is 0
 */
export function applyRange(modality: Float32Array, low: number, high: number): Uint8ClampedArray {
  const display = new Uint8ClampedArray(modality.length);
  for (let i = 0; i < modality.length; i++) display[i] = ((modality[i] - low) / (high - low)) * 255; // 0/0 becomes 0
  return display;
}
