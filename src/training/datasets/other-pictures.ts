import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetBroken } from '../faults.js';
import { greyImage } from './grey-image.js';
import { readHounsfieldSet } from './hounsfield-set.js';
import { readImageSet } from './image-set.js';
import { reachable } from './reachable.js';
import type { LabelledImage } from './labelled-image.js';

const PICTURES = /\.(png|jpe?g)$/i;

export interface OtherSet {
  readonly dataset: string;
  readonly images: readonly LabelledImage[];
}

/** Pictures of other kinds: the test part of a set, or a folder of PNG and JPEG files. Labels mean nothing here. */
export const readOtherPictures = (root: string, folders: readonly string[]): Promise<OtherSet[]> =>
  reachable(() => readSets(root, folders));

/** Before anything is trained, or a test case looked at. @throws DatasetBroken  one is not there */
export function checkOtherSets(root: string, folders: readonly string[]): void {
  const absent = folders.find((folder) => !existsSync(join(root, folder)));
  if (absent !== undefined) throw new DatasetBroken(`${absent} of the data (outOfDistribution) is not there.`);
}

async function readSets(root: string, folders: readonly string[]): Promise<OtherSet[]> {
  const sets: OtherSet[] = [];
  for (const dataset of folders) {
    const folder = join(root, dataset);
    if (existsSync(join(folder, 'test.tar'))) sets.push({ dataset, images: (await readImageSet(folder, 'test')).images });
    else if (existsSync(join(folder, 'test.hu.i16'))) sets.push({ dataset, images: readHounsfieldSet(folder, 'test').images });
    else sets.push({ dataset, images: await readFolder(folder) });
  }
  return sets;
}

async function readFolder(folder: string): Promise<LabelledImage[]> {
  const images: LabelledImage[] = [];
  for (const file of readdirSync(folder)
    .filter((name) => PICTURES.test(name))
    .sort())
    images.push({ file, label: 0, patient: file, attributes: {}, image: await greyImage(readFileSync(join(folder, file))) });
  return images;
}
