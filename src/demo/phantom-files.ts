import { phantomPart10 } from './phantom.js';

/** Pictures that lie clear of the bundled model's thresholds: two without an opacity, two with one; four patients. */
const PICTURES = [
  { seed: 33, opacity: false, photometricInterpretation: 'MONOCHROME2' },
  { seed: 2, opacity: true, photometricInterpretation: 'MONOCHROME2' },
  { seed: 39, opacity: false, photometricInterpretation: 'MONOCHROME1' },
  { seed: 8, opacity: true, photometricInterpretation: 'MONOCHROME1' },
] as const;

/** Two studies without and two with an opacity, in both polarities; new UIDs at every start. */
export function phantomFiles(): (() => Promise<Uint8Array>)[] {
  const studyDateTime = new Date();
  return PICTURES.map((picture) => () => Promise.resolve(phantomPart10({ ...picture, studyDateTime })));
}
