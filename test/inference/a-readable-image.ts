import { createHash } from 'node:crypto';
import type { Pixels } from '../../src/archive/pixels.js';
import type { PixelInstanceRow } from '../../src/archive/retrieve.sql.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import type { Fault } from '../../src/faults.js';
import type { LocalEngine } from '../../src/inference/engines/local-engine.js';
import { ReadImage } from '../../src/inference/read-image.js';
import { ReadStacks } from '../../src/inference/read-stacks.js';
import type { Models } from '../../src/inference/models.js';
import type { Studies } from '../../src/archive/studies.js';
import { anEvenImage } from './tiny-models.js';

/** The header of a chest radiograph that the tiny models' card takes. */
export const aHeader = (changes: Readonly<Record<string, string>> = {}): DicomJson => {
  const said = { '00080060': 'CR', '00180015': 'CHEST', '00280004': 'MONOCHROME2', ...changes };
  return Object.fromEntries(Object.entries(said).map(([key, value]) => [key, { vr: 'CS', Value: [value] }]));
};

/** The row of a stored instance, with what the header says. */
export const aRow = (id: number, header: DicomJson = aHeader()): PixelInstanceRow => ({
  id,
  studyRow: 1,
  sopInstanceUID: `2.25.${id}`,
  sopClassUID: '1.2.840.10008.5.1.4.1.1.1',
  seriesInstanceUID: '2.25.1000',
  transferSyntaxUID: '1.2.840.10008.1.2.1',
  sha256: createHash('sha256').update(String(id)).digest('hex'),
  bytes: 200,
  revision: 0,
  changedAt: new Date(0),
  dataSetOffset: 0,
  metadata: JSON.stringify(header),
  frameTable: { kind: 'native', frames: 1, offset: 0, frameBytes: 128, inflated: false },
  bulkData: [],
});

/** An image of two stored values: half of it `value`, half black, so that it shows something; `value` / 2,000 on average. */
export const anUnevenImage = (value: number): ReturnType<typeof anEvenImage> => {
  const image = anEvenImage(value);
  return { ...image, frame: { ...image.frame, bytes: image.frame.bytes.map((byte, i) => (i < image.frame.bytes.length / 2 ? 0 : byte)) } };
};

/** What reads images whose pixels are made by `decode`, of an instance's row, with the real engine. */
export function imagesOf(engine: LocalEngine, decode: (row: number) => number | Fault): ReadImage {
  const pixels = {
    decode: (instance: PixelInstanceRow) => {
      const value = decode(instance.id);
      return typeof value === 'number' ? Promise.resolve(anUnevenImage(value)) : Promise.reject(value);
    },
  } as unknown as Pixels; // what else an instance's pixels are described by no image of one frame needs
  const models = { engine } as Models;
  return new ReadImage(pixels, models, new ReadStacks({} as Studies, pixels, models));
}
