import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetBroken } from '../../src/training/faults.js';
import { readDicomwebSet } from '../../src/training/datasets/dicomweb-set.js';
import { aCard } from '../reporting/a-report.js';
import { aPhantom, idle, reportOf, type PhantomInstance } from './phantoms.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let folder: string;
let phantoms: PhantomInstance[];
beforeAll(async () => {
  wetread = await Wetread.start();
  folder = mkdtempSync(join(tmpdir(), 'wetread-studies-'));
  phantoms = [aPhantom({ opacity: false }), aPhantom({ opacity: true })];
  const { failed } = await wetread.store(...phantoms.map(({ bytes }) => bytes));
  expect(failed).toEqual([]);
});
afterAll(async () => {
  await wetread.remove();
  rmSync(folder, { recursive: true });
});

const listed = (lines: string[]) => {
  writeFileSync(join(folder, 'train.csv'), `StudyInstanceUID,label,patient\n${lines.join('\n')}\n`);
  return readDicomwebSet(folder, 'train', { classes: ['clear', 'opacity'], rules: aCard() }, `${wetread.url}/dicom-web`);
};

describe('Training data from a DICOMweb server', () => {
  it('are the pictures of the studies on a list, with the study’s label, of the patient of the list or of the file', async () => {
    const [clear, opacity] = phantoms;
    const { images } = await listed([`${clear.studyInstanceUID},clear,P1`, `${opacity.studyInstanceUID},opacity,`]);
    expect(images.map(({ label, patient }) => [label, patient])).toEqual([
      [0, 'P1'],
      [1, opacity.patientID],
    ]);
    for (const { image } of images) expect(image).toMatchObject({ rows: 256, columns: 256, samplesPerPixel: 1 });
    expect(images[0].image.samples).not.toEqual(images[1].image.samples);
  });

  it('are not what was made of them: a model’s map lies in the study, with its picture in it', async () => {
    const [clear] = phantoms;
    await reportOf(wetread, clear.studyInstanceUID);
    expect(await idle(wetread)).toEqual([]);
    const answer = await wetread.fetch(`/dicom-web/studies/${clear.studyInstanceUID}/instances`);
    expect(((await answer.json()) as unknown[]).length).toBeGreaterThan(2); // the picture, the SR, the map
    const { images } = await listed([`${clear.studyInstanceUID},clear,P1`]);
    expect(images.map(({ file }) => file.split('/').at(-1))).toEqual([clear.sopInstanceUID]);
  });

  it('are refused where a study is not there, or its label is no class', async () => {
    await expect(listed(['1.2.3.4,clear,'])).rejects.toThrow(DatasetBroken);
    await expect(listed([`${phantoms[0].studyInstanceUID},unclear,`])).rejects.toThrow(DatasetBroken);
  });
});
