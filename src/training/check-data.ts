import type { LabelledImage } from './datasets/labelled-image.js';
import { DatasetBroken } from './faults.js';
import type { TrainingConfig } from './training-config.js';

/** Fewer of a class leave no area under a curve, no threshold and no interval. */
const LEAST_OF_A_CLASS = 2;

/**
 * What must hold of a part of the data before anything is made of it: labels that are classes of the model, and two
 * pictures of each class at least.
 * @throws DatasetBroken
 */
export function checkPart(images: readonly LabelledImage[], part: string, classes: number): void {
  if (images.some(({ label }) => !Number.isInteger(label) || label < 0 || label >= classes))
    throw new DatasetBroken(`A picture of ${part} has a label that is no class of the model.`);
  for (let k = 0; k < classes; k++)
    if (images.filter(({ label }) => label === k).length < LEAST_OF_A_CLASS)
      throw new DatasetBroken(`There are fewer than ${LEAST_OF_A_CLASS} pictures of class ${k} in ${part}.`);
}

/** @throws DatasetBroken  pictures of one patient are in both parts: what is measured on one would not be new to the other */
export function checkApart(one: readonly LabelledImage[], other: readonly LabelledImage[], parts: string): void {
  const patients = new Set(one.map(({ patient }) => patient));
  const shared = new Set(other.flatMap(({ patient }) => (patients.has(patient) ? [patient] : [])));
  if (shared.size > 0) throw new DatasetBroken(`${shared.size} patients have pictures in both ${parts}.`);
}

/** @throws DatasetBroken  what the configuration wants taught is said of no training picture */
export function checkTeaching(images: readonly LabelledImage[], { of, insights }: TrainingConfig['teaching']): void {
  if (insights !== undefined && !images.some(({ attributes }) => attributes[insights]))
    throw new DatasetBroken(`No training picture has the attribute ${insights}, which the insights are to be taught by.`);
  if (of === 'regions' && !images.some(({ region }) => region !== undefined))
    throw new DatasetBroken('No training picture says where its finding lies, which the attention map is to be taught by.');
}

/** @throws DatasetBroken  the training pictures don't fill a batch: nothing would be trained */
export function checkBatch(images: readonly LabelledImage[], batch: number): void {
  if (images.length < batch) throw new DatasetBroken(`${images.length} training pictures do not fill a batch of ${batch}.`);
}
