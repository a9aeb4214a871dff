import { join } from 'node:path';
import { DatasetBroken } from '../faults.js';
import { Random } from '../random.js';
import type { DataSource } from '../training-config.js';
import { readDicomwebSet, type SetForm } from './dicomweb-set.js';
import { readFolderSet } from './folder-set.js';
import { readHounsfieldSet } from './hounsfield-set.js';
import { readImageSet } from './image-set.js';
import { reachable } from './reachable.js';
import type { LabelledImage, LabelledSet, Split } from './labelled-image.js';

/** Reads one part of a set, whatever form it has. @param root  what relative folders are within @throws DatasetBroken */
export async function readSet(source: DataSource, root: string, split: Split, form: SetForm): Promise<LabelledSet> {
  const set = await reachable(() => readForm(source, join(root, source.folder), split, form));
  if ('classes' in source && source.classes.join('\n') !== set.classes.join('\n'))
    throw new DatasetBroken(`The classes of the set are ${set.classes.join(', ')}, and not those of the configuration, in its order.`);
  return set;
}

function readForm(source: DataSource, folder: string, split: Split, form: SetForm): LabelledSet | Promise<LabelledSet> {
  switch (source.kind) {
    case 'images':
      return readImageSet(folder, split, source.patientID);
    case 'hounsfield':
      return readHounsfieldSet(folder, split);
    case 'folder':
      return readFolderSet(folder, split, form.classes);
    case 'dicomweb':
      return readDicomwebSet(folder, split, form, source.url);
  }
}

/** Sets a share of the patients of training aside as validation: whole patients, chosen by seed. */
export function splitByPatient(
  images: readonly LabelledImage[],
  share: number,
  seed: number,
): { train: LabelledImage[]; val: LabelledImage[] } {
  const patients = [...new Set(images.map(({ patient }) => patient))].sort();
  const order = Random.named(seed, 'validation').permutation(patients.length);
  const chosen = new Set(Array.from(order.subarray(0, Math.round(share * patients.length)), (i) => patients[i]));
  return { train: images.filter(({ patient }) => !chosen.has(patient)), val: images.filter(({ patient }) => chosen.has(patient)) };
}
