import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetBroken } from '../faults.js';
import { readCsv } from './csv.js';
import { greyImage } from './grey-image.js';
import type { LabelledImage, LabelledSet, Split } from './labelled-image.js';

const PICTURES = /\.(png|jpe?g)$/i;

interface Listed {
  /** Within the split's folder. */
  readonly file: string;
  readonly label: string;
  /** Empty where it is not known: then the picture is a patient of its own. */
  readonly patient: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * One part of a set of PNG or JPEG files: either `SPLIT.csv` with the columns file, label and, if known, patient and others
 * (attributes, as subgroups and insights name them), its files in the folder `SPLIT`; or no CSV and the files in `SPLIT/LABEL/`, each taken for a patient of its own.
 * @param classes  labels in the order of the model's classes
 * @throws DatasetBroken  no picture; a label or a folder that is no class; a picture that is not there
 */
export async function readFolderSet(folder: string, split: Split, classes: readonly string[]): Promise<LabelledSet> {
  const csv = join(folder, `${split}.csv`);
  const listed = existsSync(csv) ? fromCsv(readFileSync(csv, 'utf8')) : byFolder(join(folder, split), classes);
  if (listed.length === 0) throw new DatasetBroken('There is no picture in the set.');
  const images: LabelledImage[] = [];
  for (const { file, label, patient, attributes } of listed) {
    const index = classes.indexOf(label);
    const path = join(folder, split, file);
    if (index === -1 || !existsSync(path)) throw new DatasetBroken('A picture is missing, or its label is no class of the model.');
    const whose = patient === '' ? { patient: `${split}/${file}` } : { patient, patientID: patient };
    images.push({ file, label: index, ...whose, attributes, image: await greyImage(readFileSync(path)) });
  }
  return { classes, images };
}

function byFolder(folder: string, classes: readonly string[]): Listed[] {
  const found = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  if (found.some((entry) => entry.isDirectory() && !classes.includes(entry.name)))
    throw new DatasetBroken('A folder of pictures is named like no class of the model.');
  return classes.flatMap((label) => {
    const names = existsSync(join(folder, label)) ? readdirSync(join(folder, label)).sort() : [];
    return names.filter((name) => PICTURES.test(name)).map((name) => ({ file: `${label}/${name}`, label, patient: '', attributes: {} }));
  });
}

const fromCsv = (text: string): Listed[] =>
  readCsv(text, ['file', 'label']).map(({ file, label, patient = '', ...attributes }) => ({ file, label, patient, attributes }));
