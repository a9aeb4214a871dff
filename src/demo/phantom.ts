import type { DicomJson } from '../dicom/dicom-json.js';
import { writePart10 } from '../dicom/part10-writer.js';
import { anatomyOf } from './phantom-anatomy.js';
import { exposeFilm } from './phantom-film.js';
import { MAXIMUM, phantomHeaders } from './phantom-headers.js';
import type { PhantomOptions } from './phantom-options.js';

export interface Phantom {
  /** without Pixel Data */
  readonly dataset: DicomJson;
  /** [rows × columns], row by row: 12 bits stored in 16 allocated, little endian */
  readonly pixelData: Uint8Array;
}

/** What a film's 0 (nothing in the beam) and 1 (no beam left) become, in the values of MONOCHROME2. */
const BLACK = 160;
const WHITE = 3760;

const STUDY_DATE_TIME = new Date('2026-01-15T09:00:00Z');

/** A synthetic frontal chest X-ray; the same options give the same bytes. */
export function phantom(options: PhantomOptions): Phantom {
  const { rows = 1024, columns = 1024, studyDateTime = STUDY_DATE_TIME } = options;
  const complete = { ...options, rows, columns, studyDateTime };
  const film = exposeFilm(anatomyOf(options.seed), complete);
  return { dataset: phantomHeaders(complete), pixelData: storedBytes(film, options.photometricInterpretation) };
}

/** The phantom as a DICOM file (PS3.10), Explicit VR Little Endian. */
export function phantomPart10(options: PhantomOptions): Buffer {
  const { dataset, pixelData } = phantom(options);
  return writePart10(dataset, { pixelData });
}

function storedBytes(film: Float32Array, photometricInterpretation: PhantomOptions['photometricInterpretation']): Uint8Array {
  const bytes = new Uint8Array(film.length * 2);
  for (let i = 0; i < film.length; i++) {
    const bright = Math.min(MAXIMUM, Math.max(0, Math.round(BLACK + film[i] * (WHITE - BLACK))));
    const stored = photometricInterpretation === 'MONOCHROME1' ? MAXIMUM - bright : bright;
    bytes[2 * i] = stored & 0xff;
    bytes[2 * i + 1] = stored >> 8;
  }
  return bytes;
}
