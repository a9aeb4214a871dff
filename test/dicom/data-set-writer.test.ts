import { describe, expect, it } from '@jest/globals';
import { dataSetPieces, writeDataSet } from '../../src/dicom/data-set-writer.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { EXPLICIT_LITTLE_ENDIAN } from '../../src/dicom/encoding.js';
import { UnsupportedTransferSyntax, UnwritableValue } from '../../src/dicom/faults.js';
import { frameRanges } from '../../src/dicom/frame-table.js';
import { part10Header } from '../../src/dicom/part10-writer.js';
import { read } from './corpus.js';

const ui = (uid: string) => ({ vr: 'UI', Value: [uid] });
const instance: DicomJson = {
  '00080016': ui('1.2.840.10008.5.1.4.1.1.7'),
  '00080018': ui('1.2.3.4'),
  '0020000D': ui('1.2.3'),
  '0020000E': ui('1.2.3.1'),
};
const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';

describe('A data set whose long values are elsewhere', () => {
  it('is written with them at every depth, and reads back with the same bytes there', async () => {
    const icon = Buffer.alloc(3000, 7);
    const text = Buffer.from('x'.repeat(70_001));
    const dataset: DicomJson = {
      ...instance,
      '00081115': { vr: 'SQ', Value: [{}, { '00880200': { vr: 'SQ', Value: [{ '7FE00010': { vr: 'OW', BulkDataURI: 'icon' } }] } }] },
      '0040A160': { vr: 'UT', BulkDataURI: 'text' },
    };
    const bytes = writeDataSet(dataset, EXPLICIT_LITTLE_ENDIAN, ({ BulkDataURI }, at) => {
      if (at === '7FE00010' && BulkDataURI === 'icon') return icon;
      return at === '0040A160' && BulkDataURI === 'text' ? text : undefined;
    });
    const file = Buffer.concat([part10Header(dataset, '1.2.840.10008.1.2.1'), bytes]);
    const { bulkData, warnings } = await read(file);
    expect(warnings).toEqual([]);
    const at = (path: string): Buffer => {
      const { offset, length } = bulkData.find((one) => one.path === path)!; // a missing one fails the test all the same
      return file.subarray(offset, offset + length);
    };
    expect(at('00081115/2/00880200/1/7FE00010').equals(icon)).toBe(true);
    expect(at('0040A160').toString()).toBe(`${text.toString()} `); // text of odd length is padded with a space (PS3.5 6.2)
  });

  it('is refused by the tag of a value that nobody has', () => {
    const dataset = { '00420011': { vr: 'OB', BulkDataURI: 'gone' } };
    expect(() => writeDataSet(dataset, EXPLICIT_LITTLE_ENDIAN)).toThrow(UnwritableValue);
    expect(() => writeDataSet(dataset, EXPLICIT_LITTLE_ENDIAN)).toThrow(/\(0042,0011\)/);
  });

  it('holds encapsulated Pixel Data as fragments of undefined length, in a file of any transfer syntax', async () => {
    const fragment = Buffer.from('ffd8ffe000104a46', 'hex');
    const value = Buffer.concat([Buffer.from('feff00e000000000feff00e008000000', 'hex'), fragment, Buffer.from('feffdde000000000', 'hex')]);
    const image: DicomJson = { ...instance, '00280002': { vr: 'US', Value: [1] }, '7FE00010': { vr: 'OW', BulkDataURI: 'pixels' } };
    const pixels = { length: value.length, encapsulated: true as const, value };
    const pieces = dataSetPieces(image, EXPLICIT_LITTLE_ENDIAN, () => pixels);
    const body = Buffer.concat(pieces.map((piece) => (piece === pixels ? value : (piece as Uint8Array)))); // all but `pixels` are bytes
    const file = Buffer.concat([part10Header(image, JPEG_BASELINE), body]);
    const { transferSyntaxUID, frameTable, warnings } = await read(file);
    expect(transferSyntaxUID).toBe(JPEG_BASELINE);
    expect(warnings).toEqual([]);
    const [[offset, length]] = (frameTable && frameRanges(frameTable, 1)) ?? [[0, 0]];
    expect(file.subarray(offset, offset + length).equals(fragment)).toBe(true);
  });

  it('has no header in a transfer syntax that PS3.6 does not know', () => {
    expect(() => part10Header(instance, '1.2.3')).toThrow(UnsupportedTransferSyntax);
  });
});
