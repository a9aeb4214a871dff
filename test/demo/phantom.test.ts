import { describe, expect, it } from '@jest/globals';
import { allTexts, firstNumber, firstText, tag, type DicomJson } from '../../src/dicom/dicom-json.js';
import { vrOf } from '../../src/dicom/data-dictionary.js';
import { frameRanges } from '../../src/dicom/frame-table.js';
import { Part10Reader } from '../../src/dicom/part10-header.js';
import { isUid } from '../../src/dicom/uid.js';
import { windowLinearExact } from '../../src/dicom/voi-lut.js';
import type { PhantomOptions } from '../../src/demo/phantom-options.js';
import { phantom, phantomPart10 } from '../../src/demo/phantom.js';

const PIXEL_DATA = tag(0x7fe0, 0x0010);
const UIDS = [tag(0x0020, 0x000d), tag(0x0020, 0x000e), tag(0x0008, 0x0018)];
const PATIENT_ID = tag(0x0010, 0x0020);
const ACCESSION_NUMBER = tag(0x0008, 0x0050);
const PRESENTATION_LUT_SHAPE = tag(0x2050, 0x0020);

const [ROWS, COLUMNS] = [160, 128];
const aPhantom = (options: Partial<PhantomOptions> = {}): PhantomOptions => ({
  opacity: false,
  photometricInterpretation: 'MONOCHROME2',
  seed: 7,
  rows: ROWS,
  columns: COLUMNS,
  ...options,
});

/** 12 of 16 bits, little endian; the four upper bits are not cut away, so that junk in them would be seen. */
const stored = ({ pixelData }: { pixelData: Uint8Array }): number[] =>
  Array.from({ length: pixelData.length / 2 }, (_, i) => pixelData[2 * i] | (pixelData[2 * i + 1] << 8));

const windowOf = (dataset: DicomJson) => ({
  windowCenter: firstNumber(dataset, tag(0x0028, 0x1050)) ?? NaN,
  windowWidth: firstNumber(dataset, tag(0x0028, 0x1051)) ?? NaN,
});

async function read(file: Uint8Array) {
  const reader = new Part10Reader();
  await reader.push(file);
  return reader.end();
}

describe('The chest phantom', () => {
  it('is a DICOM file that reads back as it was made, pixels and all', async () => {
    const options = aPhantom({ opacity: true, studyDateTime: new Date('2026-03-04T05:06:07Z') });
    const { dataset, pixelData } = phantom(options);
    const file = phantomPart10(options);
    const instance = await read(file);
    const { [PIXEL_DATA]: pixels, ...rest } = instance.dataset;
    expect(rest).toEqual(dataset);
    expect(pixels.vr).toBe('OW');
    expect(instance.warnings).toEqual([]);
    const [[offset, length]] = instance.frameTable === undefined ? [] : (frameRanges(instance.frameTable, 1) ?? []);
    expect(file.subarray(offset, offset + length)).toEqual(Buffer.from(pixelData));
    expect(firstText(dataset, tag(0x0008, 0x0020))).toBe('20260304');
    expect(firstText(dataset, tag(0x0008, 0x0030))).toBe('050607');
  });

  it('gives every element the VR of PS3.6 and no UID over 64 characters', () => {
    const { dataset } = phantom(aPhantom());
    for (const [at, { vr }] of Object.entries(dataset)) expect([at, vr]).toEqual([at, vrOf(at)]);
    for (const at of UIDS) expect(isUid(firstText(dataset, at) ?? '')).toBe(true);
  });

  it('holds values of 12 bits that use most of their range, 1024 × 1024 unless said otherwise', () => {
    const made = phantom({ opacity: false, photometricInterpretation: 'MONOCHROME2', seed: 7 });
    const values = stored(made);
    expect(values).toHaveLength(1024 * 1024);
    expect(firstNumber(made.dataset, tag(0x0028, 0x0010))).toBe(1024);
    expect(firstNumber(made.dataset, tag(0x0028, 0x0011))).toBe(1024);
    const [least, greatest] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [4095, 0]);
    expect(least).toBeLessThan(400);
    expect(greatest).toBeGreaterThan(2800);
    expect(greatest).toBeLessThanOrEqual(4095);
  }, 60_000); // within jest's realm every Math call is slow

  it('shows the same picture as MONOCHROME1 and as MONOCHROME2, value by value', () => {
    const one = phantom(aPhantom({ photometricInterpretation: 'MONOCHROME1' }));
    const two = phantom(aPhantom({ photometricInterpretation: 'MONOCHROME2' }));
    expect(stored(one)).toEqual(stored(two).map((value) => 4095 - value));
    const shown = (of: typeof one) => windowLinearExact(Float32Array.from(stored(of)), windowOf(of.dataset));
    expect(windowOf(one.dataset).windowCenter).toBe(4095 - windowOf(two.dataset).windowCenter);
    const [inverted, upright] = [shown(one), shown(two)];
    const differences = inverted.map((grey, at) => Math.abs(255 - grey - upright[at]));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1); // a half rounds to the even grey on both ways
    expect(firstText(one.dataset, PRESENTATION_LUT_SHAPE)).toBe('INVERSE');
    expect(firstText(two.dataset, PRESENTATION_LUT_SHAPE)).toBe('IDENTITY');
    expect(identities(one.dataset).instance).not.toBe(identities(two.dataset).instance);
  });

  it.each([1, 2, 3, 4, 5, 6])('with an opacity is brighter in the lower zone of one lung and nowhere else (seed %i)', (seed) => {
    const without = stored(phantom(aPhantom({ seed })));
    const changes = stored(phantom(aPhantom({ seed, opacity: true })))
      .map((value, at) => ({
        by: value - without[at],
        v: Math.floor(at / COLUMNS) / ROWS,
        u: (at % COLUMNS) / COLUMNS,
      }))
      .filter(({ by }) => by !== 0);
    expect(changes.length).toBeGreaterThan(0.02 * ROWS * COLUMNS);
    expect(changes.every(({ by }) => by > 0)).toBe(true);
    expect(changes.every(({ v }) => v > 0.4 && v < 0.9)).toBe(true);
    expect(new Set(changes.map(({ u }) => u < 0.5)).size).toBe(1);
    expect(Math.max(...changes.map(({ by }) => by))).toBeGreaterThan(600); // an eye sees it
  });

  it('is dark where lungs are and bright where the spine and the abdomen are', () => {
    const values = stored(phantom(aPhantom()));
    const mean = (u: number, v: number) => {
      const around = [-2, -1, 0, 1, 2].flatMap((down) => [-2, -1, 0, 1, 2].map((across) => [down, across]));
      const at = ([down, across]: number[]) => (Math.round(v * ROWS) + down) * COLUMNS + Math.round(u * COLUMNS) + across;
      return around.reduce((sum, step) => sum + values[at(step)], 0) / around.length;
    };
    for (const lung of [mean(0.25, 0.5), mean(0.78, 0.5)]) {
      expect(lung).toBeGreaterThan(mean(0.02, 0.02) + 200); // air outside the body
      expect(lung).toBeLessThan(mean(0.5, 0.6) - 1000);
      expect(lung).toBeLessThan(mean(0.3, 0.95) - 1000);
    }
    expect(mean(0.62, 0.62)).toBeGreaterThan(mean(0.38, 0.62) + 300); // the heart lies to the left: right in the picture
  });

  it('is the same to the byte for the same options', () => {
    expect(phantomPart10(aPhantom({ opacity: true }))).toEqual(phantomPart10(aPhantom({ opacity: true })));
  });

  it('is another patient, study and chest for another seed', () => {
    const [one, other] = [phantom(aPhantom({ seed: 1 })), phantom(aPhantom({ seed: 2 }))];
    const [mine, yours] = [identities(one.dataset), identities(other.dataset)];
    expect(Object.values(mine).filter((value) => Object.values(yours).includes(value))).toEqual([]);
    expect(one.pixelData).not.toEqual(other.pixelData);
  });

  it('is the same patient in another study at another time', () => {
    const at = (time: string) => identities(phantom(aPhantom({ studyDateTime: new Date(time) })).dataset);
    const [before, after] = [at('2025-01-01T10:00:00Z'), at('2026-01-01T10:00:00Z')];
    expect(after.patient).toBe(before.patient);
    expect(after.study).not.toBe(before.study);
    expect(after.instance).not.toBe(before.instance);
    expect(after.accession).not.toBe(before.accession);
  });

  it('says that it is no patient, and what a chest model asks for', () => {
    const { dataset } = phantom(aPhantom());
    expect(firstText(dataset, tag(0x0010, 0x0010))).toBe('Phantom^Chest');
    expect(firstText(dataset, tag(0x0008, 0x001c))).toBe('YES'); // Synthetic Data
    expect(firstText(dataset, tag(0x0008, 0x0060))).toBe('DX');
    expect(firstText(dataset, tag(0x0018, 0x0015))).toBe('CHEST');
    expect(firstText(dataset, tag(0x0018, 0x5101))).toBe('PA');
    expect(allTexts(dataset, tag(0x0020, 0x0020))).toEqual(['L', 'F']);
  });
});

function identities(dataset: DicomJson) {
  const [study, series, instance] = UIDS.map((at) => firstText(dataset, at));
  const [patient, accession] = [PATIENT_ID, ACCESSION_NUMBER].map((at) => firstText(dataset, at));
  return { study, series, instance, patient, accession };
}
