import { describe, expect, it } from '@jest/globals';
import { patientResource, patientResourceId } from '../../../src/archive/fhir/patient.js';
import type { DicomJson, PersonName } from '../../../src/dicom/dicom-json.js';
import { r4Faults } from '../../reporting/fhir/r4-faults.js';

const named = (...names: readonly PersonName[]): DicomJson => ({ '00100010': { vr: 'PN', Value: [...names] } });
const identified = (patientID: string, issuer?: string): DicomJson => ({
  '00100020': { vr: 'LO', Value: [patientID] },
  ...(issuer === undefined ? {} : { '00100021': { vr: 'LO', Value: [issuer] } }),
});
const born = (date: string): DicomJson => ({ '00100030': { vr: 'DA', Value: [date] } });
const ofSex = (sex: string): DicomJson => ({ '00100040': { vr: 'CS', Value: [sex] } });

describe('The Patient of a DICOM header (PS3.3 C.7.1.1)', () => {
  it('is one for one Patient ID and issuer, whatever the study', () => {
    expect(patientResourceId(identified('1 '), '2.25.1')).toBe(patientResourceId(identified('1'), '2.25.2'));
    const ids = [identified('1'), identified('2'), identified('1', 'A'), identified('1', 'B')].map((study) =>
      patientResourceId(study, '2.25.1'),
    );
    expect(new Set(ids).size).toBe(4);
  });

  it('is never shared between studies that have no Patient ID', () => {
    for (const study of [{}, identified(''), identified('  ')])
      expect(patientResourceId(study, '2.25.1')).not.toBe(patientResourceId(study, '2.25.2'));
    expect(patientResource({}, '2.25.1').identifier).toBeUndefined();
  });

  it('keeps the identifiers of two issuers apart', () => {
    const [a, b] = ['Ward A', 'Ward B'].map((issuer) => patientResource(identified('7', issuer), '2.25.1').identifier?.[0]);
    expect([a?.value, a?.type?.coding?.[0].code]).toEqual(['7', 'MR']);
    expect(a?.system).not.toBe(b?.system);
  });

  it('takes a name apart as PS3.5 6.2.1.1 puts it together', () => {
    expect(patientResource(named({ Alphabetic: 'Adams^John Robert^Quincy^Rev.^B.A. M.Div.' }), '2.25.1').name).toEqual([
      {
        use: 'official',
        family: 'Adams',
        given: ['John', 'Robert', 'Quincy'],
        prefix: ['Rev.'],
        suffix: ['B.A.', 'M.Div.'],
        text: 'Rev. John Robert Quincy Adams B.A. M.Div.',
      },
    ]);
  });

  it('keeps ideographic and phonetic names, and says which is which', () => {
    const name = patientResource(named({ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }), '2.25.1').name;
    expect(name?.map(({ family, extension }) => [family, extension?.[0].valueCode])).toEqual([
      ['Yamada', undefined],
      ['山田', 'IDE'],
      ['やまだ', 'SYL'],
    ]);
  });

  it('leaves a name out that holds nothing', () => {
    for (const study of [named({}), named({ Alphabetic: '' }), named({ Alphabetic: '^^^^' }), named({ Alphabetic: ' ^ ' })])
      expect(patientResource(study, '2.25.1').name).toBeUndefined();
  });

  it.each([
    ['20240229', '2024-02-29'],
    ['20230229', undefined],
    ['20241301', undefined],
    ['00000101', undefined],
    ['1960', undefined],
    ['19600101-', undefined],
    ['', undefined],
  ])('reads the birth date %j as %j', (date, birthDate) => {
    expect(patientResource(born(date), '2.25.1').birthDate).toBe(birthDate);
  });

  it('says unknown of a sex it does not know', () => {
    expect(['M', 'F', 'O', 'X', ''].map((sex) => patientResource(ofSex(sex), '2.25.1').gender)).toEqual([
      'male',
      'female',
      'other',
      'unknown',
      'unknown',
    ]);
  });

  it.each([
    ['nothing', {}],
    ['all of it', { ...named({ Alphabetic: 'Doe^Jane' }), ...identified('7', 'Ward A / 3'), ...born('19600101'), ...ofSex('F') }],
    ['markup', { ...named({ Alphabetic: '<img src=x onerror="alert(1)">^&\'' }), ...identified('<script>', '<b>') }],
    ['control characters', { ...named({ Alphabetic: 'Do\u0007e\u001b^Ja\u0000ne' }), ...identified('7\u0001', 'A\u001f') }],
    ['nothing but control characters', { ...named({ Alphabetic: '\u0007' }), ...identified('\u0001') }],
  ])('keeps the rules of R4 where the header holds %s', (_, study) => {
    expect(r4Faults(patientResource(study, '2.25.1'))).toEqual([]);
  });
});
