import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetBroken } from '../faults.js';
import { attributesOf } from './image-set.js';
import type { LabelledSet, Split } from './labelled-image.js';

interface Index {
  readonly classes: readonly string[];
  readonly width: number;
  readonly height: number;
  /** Of the data file. */
  readonly sha256: string;
  readonly images: readonly { readonly index: number; readonly label: number; readonly patient: string }[];
}

/**
 * One part of a set of CT slices in Hounsfield units: `SPLIT.json` and `SPLIT.hu.i16`, int16 little endian, slice after slice.
 * @throws DatasetBroken
 */
export function readHounsfieldSet(folder: string, split: Split): LabelledSet {
  const index = JSON.parse(readFileSync(join(folder, `${split}.json`), 'utf8')) as Index; // as in image-set.ts
  const bytes = readFileSync(join(folder, `${split}.hu.i16`));
  const pixels = index.width * index.height;
  if (createHash('sha256').update(bytes).digest('hex') !== index.sha256 || bytes.length !== index.images.length * pixels * 2)
    throw new DatasetBroken('The slices of the data set are missing or have changed.');
  const all = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const images = index.images.map(({ index: at, label, patient, ...rest }) => ({
    file: `${split}-${at}`,
    label,
    patient,
    patientID: patient,
    attributes: attributesOf(rest),
    image: {
      rows: index.height,
      columns: index.width,
      samplesPerPixel: 1 as const,
      samples: all.subarray(at * pixels, (at + 1) * pixels),
      photometricInterpretation: 'MONOCHROME2',
    },
  }));
  return { classes: index.classes, images };
}
