import { describe, expect, it } from '@jest/globals';
import { answerText, filledAnswer, fillings } from '../../src/archive/search-answer.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';

const uids = {
  studyInstanceUID: '1.2',
  seriesInstanceUID: '1.3',
  sopInstanceUID: '1.4',
  sopClassUID: '1.5',
  transferSyntaxUID: '1.2.840.10008.1.2.1',
};
const service = 'http://server/dicom-web';
const answerOf = (level: 'study' | 'series' | 'instance', dataset: DicomJson, counts = {}, above: DicomJson = {}): DicomJson =>
  JSON.parse(filledAnswer(answerText(level, dataset, uids), fillings(level, service, counts, above))) as DicomJson;

describe('The ready answer of a search (PS3.18 10.6.3.3)', () => {
  it('has what is required without a value where the data set lacks it, and nothing else', () => {
    const study = answerOf('study', {}, { modalities: '[]', seriesCount: 0, instanceCount: 0 });
    expect(study['00100010']).toEqual({ vr: 'PN' });
    expect(study['00080061']).toEqual({ vr: 'CS' });
    expect(study['00081030']).toBeUndefined(); // a description only where there is one
    expect(answerOf('instance', {})['00280010']).toBeUndefined();
  });

  it('counts, and says where the study is to be had', () => {
    const study = answerOf('study', {}, { modalities: '["CT","MR"]', seriesCount: 2, instanceCount: 30 });
    expect([study['00080061'].Value, study['00201206'].Value, study['00201208'].Value]).toEqual([['CT', 'MR'], [2], [30]]);
    expect(study['00081190'].Value).toEqual(['http://server/dicom-web/studies/1.2']);
    expect(answerOf('instance', {})['00081190'].Value).toEqual(['http://server/dicom-web/studies/1.2/series/1.3/instances/1.4']);
  });

  it('takes in what is above it in the order of tags', () => {
    const above: DicomJson = { '00100020': { vr: 'LO', Value: ['P'] }, '00080060': { vr: 'CS', Value: ['CT'] }, '00400244': { vr: 'DA' } };
    const instance = answerOf('instance', { '00200013': { vr: 'IS', Value: [7] } }, {}, above);
    expect(instance).toMatchObject(above);
    expect(Object.keys(instance)).toEqual(Object.keys(instance).sort());
  });

  it('is not torn by control characters in values', () => {
    const odd: DicomJson = { '00100020': { vr: 'LO', Value: ['a\u0001b"\\'] } };
    expect(answerOf('study', odd, { modalities: '[]', seriesCount: 1, instanceCount: 1 })).toMatchObject(odd);
  });

  it('repeats no bulk data, and of a request only what identifies it', () => {
    const item: DicomJson = { '00321060': { vr: 'LO', Value: ['Chest'] }, '00401001': { vr: 'SH', Value: ['RP1'] } };
    const series = answerOf(
      'series',
      { '00400275': { vr: 'SQ', Value: [item] }, '0008103E': { vr: 'LO', BulkDataURI: 'x' } },
      { instanceCount: 1 },
    );
    expect(series['00400275']).toEqual({ vr: 'SQ', Value: [{ '00401001': { vr: 'SH', Value: ['RP1'] } }] });
    expect(series['0008103E']).toBeUndefined();
  });
});
