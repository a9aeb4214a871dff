import { describe, expect, it } from '@jest/globals';
import { levelOf } from '../../src/archive/attribute-levels.js';
import { storedDataset } from '../../src/archive/studies.js';
import { indexAttributes } from '../../src/archive/index-attributes.js';
import { searchableName } from '../../src/archive/searchable-name.js';
import { tag, type DicomJson } from '../../src/dicom/dicom-json.js';

const placed = {
  sopInstanceUID: '1.4',
  sopClassUID: '1.5',
  transferSyntaxUID: '1.2.840.10008.1.2.1',
  sha256: 'ab',
  bytes: 1,
  frameTable: null,
  bulkData: '[]',
  derived: false,
  dataSetOffset: 300,
};
const indexed = (dataset: DicomJson) => indexAttributes(dataset, placed, { studyInstanceUID: '1.2', seriesInstanceUID: '1.3' });

describe('What the index keeps of an instance', () => {
  it('puts each attribute to its level (PS3.3 C.7.1 to C.7.3)', () => {
    expect(['00100010', '00101010', '0020000D', '00080050', '00081030'].map(levelOf)).toEqual(Array.from({ length: 5 }, () => 'study'));
    expect(['00080060', '0020000E', '00080070', '00102210'].map(levelOf)).toEqual(Array.from({ length: 4 }, () => 'series'));
    expect(['00080018', '00200013', '00280010', '7FE00010', '00091001'].map(levelOf)).toEqual(Array.from({ length: 5 }, () => 'instance'));
  });

  it('keeps the whole data set with the instance, and its levels with study and series', () => {
    const dataset: DicomJson = {
      '00080018': { vr: 'UI', Value: ['1.4'] },
      '00080060': { vr: 'CS', Value: ['DX '] },
      '00100020': { vr: 'LO', Value: [' P-1 '] },
      '00200011': { vr: 'IS', Value: [3] },
    };
    const { study, series, instance } = indexed(dataset);
    expect([study.patientID, series.modality, series.seriesNumber]).toEqual(['P-1', 'DX', 3]);
    expect([study.attributes, series.attributes].map((text) => Object.keys(JSON.parse(text) as DicomJson))).toEqual([
      ['00100020'],
      ['00080060', '00200011'],
    ]);
    const available = { '00083002': { vr: 'UI', Value: [instance.transferSyntaxUID] } }; // of answers, not of the instance
    expect(JSON.parse(instance.metadata)).toEqual({ ...dataset, ...available });
    expect(storedDataset(instance.metadata)).toEqual(dataset);
  });

  it('reads dates and times in their old forms too (PS3.5 6.2)', () => {
    const { study } = indexed({ '00080020': { vr: 'DA', Value: ['2026.01.31'] }, '00080030': { vr: 'TM', Value: ['10:15:00'] } });
    expect([study.studyDate, study.studyTime]).toEqual(['20260131', '101500']);
  });

  it.each([
    ['absent', undefined],
    ['text', 'one'],
    ['half', 1.5],
    ['beyond 32 bits', 2 ** 31],
  ])('has no number where the Series Number is %s', (_, value) => {
    expect(indexed(value === undefined ? {} : { '00200011': { vr: 'IS', Value: [value] } }).series.seriesNumber).toBeNull();
  });

  it('repeats no bulk data above the instance', () => {
    expect(indexed({ '00104000': { vr: 'LT', BulkDataURI: 'bulkdata/00104000' } }).study.attributes).toBe('{}');
  });

  it('makes names searchable: all groups and values, no case, no accents', () => {
    const at = tag(0x0010, 0x0010);
    const name = { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' };
    expect(searchableName({ [at]: { vr: 'PN', Value: [name, { Alphabetic: 'MÜLLER^Ångström' }] } }, at)).toBe(
      'yamada^tarou=山田^太郎=やまだ^たろう\\muller^angstrom',
    );
    expect(searchableName({ [at]: { vr: 'PN' } }, at)).toBe('');
  });
});
