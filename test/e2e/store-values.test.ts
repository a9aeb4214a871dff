import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dicomXml } from '../../src/dicom/dicom-xml.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { json, metadata, octets, storeParts, uriOf, type MetadataPart } from './metadata-requests.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => (wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' })));
afterAll(() => wetread.remove());

/** Stores an instance with these elements; answers what the sender is told and what is served then. */
async function stored(more: DicomJson, form: (one: { dataset: DicomJson }) => MetadataPart = json) {
  const one = metadata(more);
  const part = form(one);
  const { status, warned, failed } = await storeParts(wetread, [part, octets(uriOf(one))], part.type);
  const [served] = await wetread.json<DicomJson[]>(`${one.path}/metadata`, 'application/dicom+json');
  return { status, warned, failed, served };
}

describe('A DS in metadata that has more than 16 characters (PS3.5 6.2)', () => {
  const rounded = [{ reason: 0xb000, comment: 'decimal-string-rounded' }];

  it.each<[string, number | string, number]>([
    ['a number', 0.12345678901234568, 0.12345678901235],
    ['a negative number', -1234.5678901234567, -1234.5678901235],
    ['text', '0.12345678901234568', 0.12345678901235],
    ['text of an integer', '12345678901234567890', 1.2345678901e19],
  ])('is stored as the nearest value that fits, and its sender told so (B000): %s', async (_, given, kept) => {
    const { status, warned, served } = await stored({ '00281053': { vr: 'DS', Value: [1, given] } });
    expect({ status, warned }).toEqual({ status: 202, warned: rounded });
    expect(served['00281053']).toEqual({ vr: 'DS', Value: [1, kept] });
  });

  it('is so in XML and in an item of a sequence', async () => {
    const item = { '00181164': { vr: 'DS', Value: ['0.12345678901234568'] } };
    const { warned, served } = await stored({ '00089215': { vr: 'SQ', Value: [item] } }, ({ dataset }) => ({
      type: 'application/dicom+xml',
      body: dicomXml(dataset),
    }));
    expect(warned).toEqual(rounded);
    expect(served['00089215'].Value).toEqual([{ '00181164': { vr: 'DS', Value: [0.12345678901235] } }]);
  });

  it('is nothing to tell of where only spaces go', async () => {
    const { status, served } = await stored({ '00281053': { vr: 'DS', Value: ['          0.25          ', 1 / 4, ' 1 '] } });
    expect(status).toBe(200);
    expect(served['00281053'].Value).toEqual([0.25, 0.25, 1]);
  });
});
