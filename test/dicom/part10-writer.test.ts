import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DicomElement, DicomJson, Tag } from '../../src/dicom/dicom-json.js';
import { MalformedUid, MissingUid, UnsupportedTransferSyntax, UnwritableValue } from '../../src/dicom/faults.js';
import { frameRanges } from '../../src/dicom/frame-table.js';
import { IMPLEMENTATION_CLASS_UID, writePart10 } from '../../src/dicom/part10-writer.js';
import { decimalString } from '../../src/dicom/value-bytes.js';
import { bytesOf, corpus, mustBeStored, onCorpus, read } from './corpus.js';

const ui = (uid: string): DicomElement => ({ vr: 'UI', Value: [uid] });
const anInstance = (elements: DicomJson = {}): DicomJson => ({
  '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
  '00080016': ui('1.2.840.10008.5.1.4.1.1.7'),
  '00080018': ui('1.2.3.4'),
  '0020000D': ui('1.2.3'),
  '0020000E': ui('1.2.3.1'),
  ...elements,
});

/** Text without delimiters, U+0000, surrounding spaces; a space at its end is padding. */
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((s) => s.replace(/\p{Cc}|[\\^=]/gu, '').trim() || 'x');
const values = (of: fc.Arbitrary<unknown>) => fc.array(of, { minLength: 1, maxLength: 4 });
const of = (vr: string, value: fc.Arbitrary<unknown>) => values(value).map((Value) => ({ vr, Value }) as DicomElement);
const int = (min: number, max: number) => fc.integer({ min, max });
const decimal = fc.integer({ min: -99_999_999, max: 99_999_999 }).map((n) => n / 1000);
const notZero = (n: number) => (n === 0 ? 0 : n); // JSON has no -0
const floating = (double: fc.Arbitrary<number>) => double.map((n) => (Number.isFinite(n) ? notZero(n) : String(n)));

/** A public tag for each VR, so that implicit VR finds the same VR in the dictionary. */
const element = fc.oneof(
  of('LO', text).map((e) => ['00081030', e]),
  of('CS', fc.constantFrom('CT', 'MR', 'A B_1')).map((e) => ['00080008', e]),
  of('PN', fc.record({ Alphabetic: text, Ideographic: text, Phonetic: text }, { requiredKeys: ['Alphabetic'] })).map((e) => [
    '00081070',
    e,
  ]),
  text.map((t) => ['00204000', { vr: 'LT', Value: [t] }]),
  text.map((t) => ['0040A160', { vr: 'UT', Value: [`${t}\\${t}`] }]),
  of('DS', decimal).map((e) => ['00200032', e]),
  of('IS', int(-(2 ** 31) + 1, 2 ** 31 - 1)).map((e) => ['00200013', e]),
  of('US', int(0, 65535)).map((e) => ['00181310', e]),
  of('SS', int(-32768, 32767)).map((e) => ['00189219', e]),
  of('UL', int(0, 2 ** 32 - 1)).map((e) => ['00186018', e]),
  of('SL', int(-(2 ** 31), 2 ** 31 - 1)).map((e) => ['00186020', e]),
  of('FL', floating(fc.float())).map((e) => ['00089459', e]),
  of('FD', floating(fc.double())).map((e) => ['00189073', e]),
  of(
    'UV',
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => (n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : String(n))),
  ).map((e) => ['0008040C', e]),
  of('AT', fc.constantFrom('00080018', '7FE00010')).map((e) => ['00280009', e]),
  fc
    .uint8Array({ minLength: 1, maxLength: 64 })
    .map((b) => ['00282000', { vr: 'OB', InlineBinary: Buffer.from(b.length % 2 ? [...b, 0] : b).toString('base64') }]),
  fc.constant(['00100030', { vr: 'DA' }]),
) as fc.Arbitrary<[string, DicomElement]>;
const flat = fc.array(element, { maxLength: 12 }).map((elements) => Object.fromEntries(elements) as DicomJson);
const nested = fc.array(flat, { minLength: 1, maxLength: 3 }).map((Value): DicomElement => ({ vr: 'SQ', Value }));
const dataset = fc.tuple(flat, fc.option(nested)).map(([elements, sequence]) => {
  if (sequence === null) return anInstance(elements);
  return anInstance({
    ...elements,
    '00081140': sequence,
    '00081115': { vr: 'SQ', Value: [{ '00081140': sequence }, {}] },
  });
});

describe('Writing a DICOM file (PS3.10)', () => {
  it.each(['1.2.840.10008.1.2.1', '1.2.840.10008.1.2'])('is read back as it was written, in %s', async (transferSyntaxUID) => {
    const property = fc.asyncProperty(dataset, async (written) => {
      const file = writePart10(written, { transferSyntaxUID });
      const instance = await read(file);
      expect(instance.warnings).toEqual([]);
      expect(instance.dataset).toEqual(written);
      expect(instance.transferSyntaxUID).toBe(transferSyntaxUID);
    });
    await fc.assert(property, { numRuns: 400, seed: 7 });
  });

  onCorpus('writes every real data set so that it reads back the same', async () => {
    let files = 0;
    for (const { path } of corpus.filter(mustBeStored)) {
      const { dataset: real } = await read(bytesOf(path));
      const written = withoutBulk(real);
      const again = (await read(writePart10(written))).dataset;
      if (written['00080005'] === undefined) delete again['00080005'];
      expect({ path, dataset: again }).toEqual({ path, dataset: written });
      files++;
    }
    expect(files).toBeGreaterThan(330);
  });

  it('carries native Pixel Data, padded, and its frames are found again', async () => {
    const image = anInstance({
      '00280002': { vr: 'US', Value: [1] },
      '00280008': { vr: 'IS', Value: [3] },
      '00280010': { vr: 'US', Value: [3] },
      '00280011': { vr: 'US', Value: [5] },
      '00280100': { vr: 'US', Value: [8] },
    });
    const pixelData = Uint8Array.from({ length: 45 }, (_, i) => i);
    const file = writePart10(image, { pixelData });
    const { frameTable, dataset: again, warnings } = await read(file);
    expect(warnings).toEqual([]);
    expect(again['7FE00010']).toEqual({ vr: 'OB', BulkDataURI: 'bulkdata/7FE00010' });
    const [[offset, length]] = (frameTable && frameRanges(frameTable, 2)) ?? [[0, 0]];
    expect([...file.subarray(offset, offset + length)]).toEqual([...pixelData.subarray(15, 30)]);
  });

  it('names its maker and the instance in the File Meta Information (PS3.10 7.1)', async () => {
    const { fileMeta, warnings } = await read(writePart10(anInstance()));
    expect(warnings).toEqual([]); // a wrong group length would be one
    expect(fileMeta['00020003'].Value).toEqual(['1.2.3.4']);
    expect(fileMeta['00020012'].Value).toEqual([IMPLEMENTATION_CLASS_UID]);
    expect(IMPLEMENTATION_CLASS_UID).toMatch(/^2\.25\.[1-9][0-9]{30,38}$/);
  });

  it('writes a value too long for its 16-bit length as UN (PS3.5 6.2.2)', async () => {
    const Value = Array.from({ length: 7000 }, (_, i) => `VALUE_${i}`);
    const long = anInstance({ '00080008': { vr: 'CS', Value } });
    const file = writePart10(long);
    expect(file.includes(Buffer.from('08000800554e0000', 'hex'))).toBe(true); // (0008,0008) UN
    const { dataset: again, bulkData } = await read(file);
    expect(again['00080008']).toEqual({ vr: 'CS', BulkDataURI: 'bulkdata/00080008' }); // also too long for JSON
    const [{ offset, length }] = bulkData;
    expect(file.toString('latin1', offset, offset + length).trimEnd()).toBe(Value.join('\\'));
  });

  it.each<[string, DicomElement]>([
    ['a US of 65536', { vr: 'US', Value: [65536] }],
    ['half a pixel', { vr: 'US', Value: [0.5] }],
    ['text for a number', { vr: 'FL', Value: ['wide'] }],
    ['a number for text', { vr: 'LO', Value: [1] }],
    ['two values for one', { vr: 'LT', Value: ['a', 'b'] }],
    ['a backslash within a value', { vr: 'LO', Value: ['a\\b'] }],
    ['U+0000', { vr: 'LO', Value: ['a\0b'] }],
    ['an infinite DS', { vr: 'DS', Value: [Infinity] }],
    ['an IS beyond 32 bits', { vr: 'IS', Value: [2 ** 31] }],
    ['a name that is none', { vr: 'PN', Value: ['Doe^Jane'] }],
    ['bytes that are elsewhere', { vr: 'OB', BulkDataURI: 'bulkdata/00420011' }],
    ['a VR that is none', { vr: 'XX', Value: ['a'] }],
    ['an item that is none', { vr: 'SQ', Value: ['a'] }],
  ])('refuses %s', (_, wrong) => {
    expect(() => writePart10(anInstance({ '00091001': wrong }))).toThrow(UnwritableValue);
  });

  it('refuses an instance without identity, and forms it does not write', () => {
    const { '00080018': _gone, ...unnamed } = anInstance();
    expect(() => writePart10(unnamed)).toThrow(MissingUid);
    expect(() => writePart10(anInstance({ '00080018': ui('../etc') }))).toThrow(MalformedUid);
    expect(() => writePart10(anInstance(), { transferSyntaxUID: '1.2.840.10008.1.2.4.90' })).toThrow(UnsupportedTransferSyntax);
  });

  it('refuses sequences nested without end', () => {
    let deep: DicomJson = {};
    for (let i = 0; i < 100; i++) deep = { '0040A730': { vr: 'SQ', Value: [deep] } };
    expect(() => writePart10(anInstance(deep))).toThrow(UnwritableValue);
  });

  it.each([
    [1 / 3, '0.33333333333333'],
    [-1 / 3, '-0.3333333333333'],
    [1.23456789012345e-10, '1.2345678901e-10'],
    [1e22, '1e+22'],
    [0.1, '0.1'],
    [0.0000056120501942, '5.6120501942e-6'],
  ])('writes %p in the 16 characters of a DS', (number, ds) => {
    expect(decimalString(number, '00281053' as Tag)).toBe(ds);
  });
});

/** The same data set without values that are elsewhere. */
function withoutBulk(dataset: DicomJson): DicomJson {
  const kept: DicomJson = {};
  for (const [tag, element] of Object.entries(dataset)) {
    if (element.BulkDataURI !== undefined) continue;
    kept[tag] =
      element.vr === 'SQ' && element.Value ? { vr: 'SQ', Value: element.Value.map((item) => withoutBulk(item as DicomJson)) } : element;
  }
  return kept;
}
