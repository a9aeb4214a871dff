import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { StoredImage } from '../inference/preparation/stored-image.js';
import { DatasetBroken } from './faults.js';
import { readTar } from './datasets/tar.js';

export type Split = 'train' | 'val' | 'test';

/** One labelled picture. Its true size and aspect ratio are left out on purpose: they alone tell the label (AUC 0.92). */
export interface LabelledImage {
  readonly file: string;
  /** 1: pneumonia, 0: normal */
  readonly label: 0 | 1;
  readonly patient: string;
  /** The folder it lay in originally; the official test is the harder one. */
  readonly officialSplit: Split;
  readonly image: StoredImage;
}

interface IndexEntry {
  readonly file: string;
  readonly label: 0 | 1;
  readonly patient: string;
  readonly official_split: Split;
  readonly sha256: string;
}

/**
 * One part of the chest X-ray set (Kermany 2018, split by patient), in the order of its index.
 * @param folder  holds `SPLIT.json` and `SPLIT.tar`
 * @throws DatasetBroken  a picture is missing or has other bytes than the index says
 */
export async function readChestSplit(folder: string, split: Split): Promise<LabelledImage[]> {
  // The index is part of the data set, whose shape is known; the pictures' bytes are checked against it.
  const index = JSON.parse(readFileSync(join(folder, `${split}.json`), 'utf8')) as { images: IndexEntry[] };
  const files = readTar(readFileSync(join(folder, `${split}.tar`)));
  const labelled: LabelledImage[] = [];
  for (const { file, label, patient, official_split, sha256 } of index.images) {
    const jpeg = files.get(file);
    if (jpeg === undefined || createHash('sha256').update(jpeg).digest('hex') !== sha256)
      throw new DatasetBroken('A picture of the data set is missing or has changed.');
    labelled.push({ file, label, patient, officialSplit: official_split, image: await readJpeg(jpeg) });
  }
  return labelled;
}

/** An 8-bit grey JPEG as a frame without window. */
export async function readJpeg(jpeg: Buffer): Promise<StoredImage> {
  // sharp gives three channels for a grey file unless told otherwise; the values stay the file's.
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  return {
    rows: info.height,
    columns: info.width,
    samplesPerPixel: 1,
    samples: new Uint8Array(data),
    photometricInterpretation: 'MONOCHROME2',
  };
}
