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

describe('Metadata with values that break the rules of their VR (PS3.5 Table 6.2-1)', () => {
  it.each<[string, string, DicomJson]>([
    ['a date with hyphens', 'value-not-of-its-vr', { '00080020': { vr: 'DA', Value: ['2024-01-01'] } }],
    ['an LO of 70 characters', 'value-not-of-its-vr', { '00081030': { vr: 'LO', Value: ['x'.repeat(70)] } }],
    ['a CS in lower case', 'value-not-of-its-vr', { '00080060': { vr: 'CS', Value: ['ct'] } }],
    ['a CS that is too long', 'value-not-of-its-vr', { '00080060': { vr: 'CS', Value: ['X'.repeat(17)] } }],
    ['a UID that is none', 'value-not-of-its-vr', { '00081150': { vr: 'UI', Value: ['abc'] } }],
    ['a VR that is not the attribute\u2019s', 'wrong-vr', { '00081030': { vr: 'SH', Value: ['Chest'] } }],
  ])('is stored as it came, and its sender told so (B007): %s', async (_, comment, odd) => {
    const { status, warned, served } = await stored(odd);
    expect({ status, warned }).toEqual({ status: 202, warned: [{ reason: 0xb007, comment }] });
    expect(served).toMatchObject(odd);
  });

  it('is told of what stands in items of a sequence, of several oddities with the gravest reason', async () => {
    const { warned } = await stored({
      '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['abc'] } }] },
      '00281053': { vr: 'DS', Value: [1 / 3] },
    });
    expect(warned).toEqual([{ reason: 0xb000, comment: 'value-not-of-its-vr, decimal-string-rounded' }]);
  });

  it('is nothing to tell of where padding is all there is, a VR is unknown (UN), or PS3.6 allows several', async () => {
    const { status, warned } = await stored({
      '00080030': { vr: 'TM', Value: ['101500 '] },
      '00081030': { vr: 'UN', InlineBinary: 'Q2hlc3Q=' },
      '00091001': { vr: 'LO', Value: ['private'] },
      '00280106': { vr: 'SS', Value: [-1] },
      '00420011': { vr: 'OB', InlineBinary: Buffer.alloc(70_000).toString('base64') },
      '00204000': { vr: 'LT', Value: ['two\r\nlines'] },
    });
    expect({ status, warned }).toEqual({ status: 200, warned: [] });
  });
});
