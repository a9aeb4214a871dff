import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { storedImage } from '../../inference/engines/decoded-image.js';
import type { ModelCard } from '../../inference/model-card.js';
import { openInstance } from '../../inference/predict/instance-file.js';
import { selectImage } from '../../inference/select-image.js';
import { DatasetBroken } from '../faults.js';
import { readCsv } from './csv.js';
import type { LabelledImage, LabelledSet, Split } from './labelled-image.js';

/** What a set is read for. */
export interface SetForm {
  /** The labels that cases may have, in the order of the model's classes. */
  readonly classes: readonly string[];
  /** Which instances the model reads, and how. */
  readonly rules: Pick<ModelCard, 'input' | 'preparation'>;
}

/**
 * One part of a set that lies in a DICOMweb server: `SPLIT.csv` with the columns StudyInstanceUID, label and, if known,
 * patient (else Patient ID counts) and attributes. The instances of each study are asked for by QIDO-RS (PS3.18 10.6) and retrieved by
 * WADO-RS (10.4); each frame 1 is a picture with the study's label.
 * Only what the model reads by its card's rules: a study also holds localizers, other views, and what was made of its images, such as
 * maps of a model's attention.
 * @param url  the service root, as `https://host/dicom-web`
 * @throws DatasetBroken  a study without pictures, an answer that is none, a label that is no class
 */
export async function readDicomwebSet(folder: string, split: Split, { classes, rules }: SetForm, url: string): Promise<LabelledSet> {
  const images: LabelledImage[] = [];
  const listed = readCsv(readFileSync(join(folder, `${split}.csv`), 'utf8'), ['StudyInstanceUID', 'label']);
  for (const { StudyInstanceUID: study, label, patient, ...attributes } of listed) {
    const index = classes.indexOf(label);
    if (index === -1) throw new DatasetBroken('A study has a label that is no class of the model.');
    const instances = await instancesOf(url, study);
    if (instances.length === 0) throw new DatasetBroken('A study of the list has no instances on the server.');
    for (const { path, patientID } of instances) {
      const instance = await openInstance(await retrieved(`${url}${path}`));
      if (!selectImage(rules, instance.attributes, instance.dataset).reads) continue;
      const known = patientID || patient;
      const whose = { patient: patient || patientID || study, ...(known && { patientID: known }) };
      images.push({ file: path, label: index, ...whose, attributes, image: storedImage(await instance.frame(1)) });
    }
  }
  if (images.length === 0) throw new DatasetBroken('There is no picture in the set.');
  return { classes, images };
}

const [PATIENT_ID, SERIES_INSTANCE_UID, SOP_INSTANCE_UID] = ['00100020', '0020000E', '00080018'];

type Found = Readonly<Record<string, { readonly Value?: readonly string[] } | undefined>>;

interface FoundInstance {
  /** Below the service root. */
  readonly path: string;
  /** Empty where the server does not say. */
  readonly patientID: string;
}

/** A study's instances in the order of their UIDs. A server may give them in pages, of a size of its own (PS3.18 8.3.4.4). */
async function instancesOf(url: string, study: string): Promise<FoundInstance[]> {
  const instances = new Map<string, FoundInstance>();
  for (;;) {
    const query = `includefield=${PATIENT_ID}&offset=${instances.size}`;
    const answer = await fetch(`${url}/studies/${study}/instances?${query}`, { headers: { accept: 'application/dicom+json' } });
    if (!answer.ok) throw new DatasetBroken(`The server answered a search with ${answer.status}.`);
    const found = answer.status === 204 ? [] : ((await answer.json()) as Found[]); // PS3.18 Annex F
    const fresh = found.map((one) => foundInstance(study, one)).filter(({ path }) => !instances.has(path));
    if (fresh.length === 0) return [...instances.values()].sort((a, b) => (a.path < b.path ? -1 : 1)); // or it knows no offset
    for (const one of fresh) instances.set(one.path, one);
  }
}

function foundInstance(study: string, found: Found): FoundInstance {
  const value = (tag: string): string => found[tag]?.Value?.[0] ?? '';
  const path = `/studies/${study}/series/${value(SERIES_INSTANCE_UID)}/instances/${value(SOP_INSTANCE_UID)}`;
  return { path, patientID: value(PATIENT_ID) };
}

async function retrieved(url: string): Promise<Buffer> {
  const answer = await fetch(url, { headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' } });
  const boundary = /boundary="?([^";]+)"?/.exec(answer.headers.get('content-type') ?? '')?.[1];
  if (!answer.ok || boundary === undefined) throw new DatasetBroken(`The server answered a retrieval with ${answer.status}.`);
  const body = Buffer.from(await answer.arrayBuffer());
  const start = body.indexOf('\r\n\r\n') + 4;
  const end = body.lastIndexOf(`\r\n--${boundary}--`);
  if (start < 4 || end < start) throw new DatasetBroken('The server answered a retrieval with a body that is not one part.');
  return body.subarray(start, end);
}
