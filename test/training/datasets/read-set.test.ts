/** @jest-environment <rootDir>/onnx.environment.js */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { DatasetBroken } from '../../../src/training/faults.js';
import { readSet, splitByPatient } from '../../../src/training/datasets/read-set.js';
import { aConfig, discs } from '../a-training.js';

const { card, preparation } = aConfig();
const CLASSES = ['no', 'yes'];
const FORM = { classes: CLASSES, rules: { input: card.input, preparation } };
const shared = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const present = existsSync(shared);
if (!present) console.warn('3 tests skipped: ../shared/data is absent');
const onShared = present ? it : it.skip;

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'wetread-sets-'));
  for (const label of CLASSES) mkdirSync(join(root, 'by-folder', 'train', label), { recursive: true });
  mkdirSync(join(root, 'by-list', 'train'), { recursive: true });
  const grey = (value: number) =>
    sharp({ create: { width: 4, height: 3, channels: 3, background: { r: value, g: value, b: value } } })
      .png()
      .toBuffer();
  writeFileSync(join(root, 'by-folder/train/no/a.png'), await grey(10));
  writeFileSync(join(root, 'by-folder/train/yes/b.png'), await grey(200));
  writeFileSync(join(root, 'by-folder/train/yes/readme.txt'), 'no picture');
  writeFileSync(join(root, 'by-list/train/a.png'), await grey(10));
  writeFileSync(join(root, 'by-list/train/b.png'), await grey(200));
  writeFileSync(join(root, 'by-list/train.csv'), 'file,label,patient,side\na.png,no,P1,left\nb.png,yes,P1,right\n');
});
afterAll(() => rmSync(root, { recursive: true }));

describe('A set of pictures', () => {
  it('may lie in folders by label', async () => {
    const { images } = await readSet({ kind: 'folder', folder: 'by-folder' }, root, 'train', FORM);
    expect(images.map(({ file, label, patient }) => [file, label, patient])).toEqual([
      ['no/a.png', 0, 'train/no/a.png'],
      ['yes/b.png', 1, 'train/yes/b.png'],
    ]);
    expect(images[1].image).toMatchObject({ rows: 3, columns: 4, samplesPerPixel: 3, photometricInterpretation: 'RGB' });
    expect(new Set(images[1].image.samples)).toEqual(new Set([200]));
  });

  it('may be listed with labels, patients and attributes', async () => {
    const { images } = await readSet({ kind: 'folder', folder: 'by-list' }, root, 'train', FORM);
    expect(images.map(({ file, label, patient, attributes }) => [file, label, patient, attributes])).toEqual([
      ['a.png', 0, 'P1', { side: 'left' }],
      ['b.png', 1, 'P1', { side: 'right' }],
    ]);
  });

  it.each([
    ['a column that is not there', 'file,patient\na.png,P1\n'],
    ['a picture that is not there', 'file,label\nc.png,no\n'],
    ['a label that is no class', 'file,label\na.png,perhaps\n'],
    ['nothing', 'file,label\n'],
  ])('is refused for %s', async (_, list) => {
    writeFileSync(join(root, 'by-list/val.csv'), list);
    await expect(readSet({ kind: 'folder', folder: 'by-list' }, root, 'val', FORM)).rejects.toThrow(DatasetBroken);
  });

  it('is refused where a folder is named like no class: its pictures would be left out unseen', async () => {
    mkdirSync(join(root, 'by-folder', 'test', 'Yes'), { recursive: true });
    mkdirSync(join(root, 'by-folder', 'test', 'no'));
    await expect(readSet({ kind: 'folder', folder: 'by-folder' }, root, 'test', FORM)).rejects.toThrow(DatasetBroken);
  });

  onShared('of the shared ones says where the lesion lies', async () => {
    const { images } = await readSet(
      { kind: 'images', folder: 'breast-ultrasound', classes: ['benign', 'malignant'] },
      shared,
      'val',
      FORM,
    );
    expect(images).toHaveLength(194);
    for (const { region } of images) {
      expect(region?.left).toBeGreaterThanOrEqual(0);
      expect((region?.left ?? 1) + (region?.width ?? 1)).toBeLessThanOrEqual(1.001);
      expect((region?.top ?? 1) + (region?.height ?? 1)).toBeLessThanOrEqual(1.001);
    }
  });

  onShared('is refused where its classes are in another order than the configuration’s', async () => {
    const source = { kind: 'images', folder: 'breast-ultrasound', classes: ['malignant', 'benign'] } as const;
    await expect(readSet(source, shared, 'val', FORM)).rejects.toThrow(DatasetBroken);
  });

  it('is refused where it is not there', async () => {
    await expect(readSet({ kind: 'folder', folder: 'by-list' }, root, 'test', FORM)).rejects.toThrow(DatasetBroken);
    await expect(readSet({ kind: 'images', folder: 'nowhere', classes: CLASSES }, root, 'train', FORM)).rejects.toThrow(DatasetBroken);
    writeFileSync(join(root, 'by-list/val.csv'), 'StudyInstanceUID,label\n1.2,no\n');
    const server = { kind: 'dicomweb', folder: 'by-list', url: 'http://127.0.0.1:9' } as const; // the port of "discard": nobody answers
    await expect(readSet(server, root, 'val', FORM)).rejects.toThrow(DatasetBroken);
  });

  onShared('may hold Hounsfield units', async () => {
    const { images, classes } = await readSet(
      { kind: 'hounsfield', folder: 'ct-contrast', classes: ['no contrast', 'contrast'] },
      shared,
      'test',
      FORM,
    );
    expect(classes).toEqual(['no contrast', 'contrast']);
    expect(images).toHaveLength(15);
    expect(Math.min(...images[0].image.samples)).toBeGreaterThanOrEqual(-1024);
  });
});

describe('Validation set aside from training', () => {
  it('holds whole patients, and the same ones each time', () => {
    const images = discs(200, 1).map((one, i) => ({ ...one, patient: `P${i % 40}` }));
    const { train, val } = splitByPatient(images, 0.25, 1);
    const patients = (part: typeof images) => new Set(part.map(({ patient }) => patient));
    expect(patients(val).size).toBe(10);
    expect([...patients(val)].filter((one) => patients(train).has(one))).toEqual([]);
    expect(train.length + val.length).toBe(200);
    expect(splitByPatient(images, 0.25, 1).val).toEqual(val);
    expect(splitByPatient(images, 0.25, 2).val).not.toEqual(val);
  });
});
