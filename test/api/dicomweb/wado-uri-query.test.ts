import { describe, expect, it } from '@jest/globals';
import { BadUriParameter, UriParameterNotOffered, wadoUriRequest } from '../../../src/api/dicomweb/wado-uri-query.js';
import { MalformedUid } from '../../../src/dicom/faults.js';

const NEEDED = { requestType: 'WADO', studyUID: '1.2', seriesUID: '1.3', objectUID: '1.4' };
type Said = Record<string, string | string[]>;
const asked = (said: Said = {}) => wadoUriRequest({ ...NEEDED, ...said });

describe('A WADO-URI query (PS3.18 9.1.2, 9.4.1.2, 9.5.1.2)', () => {
  it('names an instance', () => {
    expect(asked()).toEqual({ path: { study: '1.2', series: '1.3', instance: '1.4' }, annotated: false });
  });

  it.each<[Said, object]>([
    [{ contentType: 'image/png' }, { contentType: 'image/png' }],
    [{ contentType: ['image/gif', 'image/png;q=0.5'] }, { contentType: 'image/gif,image/png;q=0.5' }],
    [{ transferSyntax: '1.2.840.10008.1.2.1' }, { transferSyntax: '1.2.840.10008.1.2.1' }],
    [{ frameNumber: '12' }, { frameNumber: 12 }],
    [{ imageQuality: '100' }, { imageQuality: 100 }],
    [{ rows: '100' }, { viewport: { rows: 100, columns: 16_384 } }],
    [{ rows: '100', columns: '200' }, { viewport: { rows: 100, columns: 200 } }],
    [{ windowCenter: '-40.5', windowWidth: '4e2' }, { window: { windowCenter: -40.5, windowWidth: 400 } }],
    [{ region: '0,0.25,0.5,1.0' }, { region: [0, 0.25, 0.5, 1] }],
    [{ presentationUID: '1.6', presentationSeriesUID: '1.5' }, { presentation: { series: '1.5', instance: '1.6' } }],
    [{ annotation: 'patient,technique' }, { annotated: true }],
    [{ somethingElse: 'x', ROWS: 'x' }, {}],
  ])('says more by %j', (said, more) => {
    expect(asked(said)).toMatchObject(more);
  });

  it.each<Said>([
    { requestType: 'wado' },
    { requestType: ['WADO', 'WADO'] },
    { studyUID: '' },
    { objectUID: ['1.4', '1.5'] },
    { contentType: 'application/dicom; transfer-syntax=1.2.840.10008.1.2' },
    { contentType: 'text/html; charset=utf-8' },
    { contentType: 'jpeg' },
    { contentType: 'image/*' },
    { transferSyntax: 'RLE' },
    { transferSyntax: ['1.2', '1.3'] },
    { frameNumber: '0' },
    { frameNumber: '1,2' },
    { imageQuality: '101' },
    { rows: '-1' },
    { columns: '16385' },
    { windowCenter: '40' },
    { windowWidth: '400' },
    { windowCenter: 'x', windowWidth: '400' },
    { windowCenter: '40', windowWidth: '0' },
    { region: '0,0,1' },
    { region: '0,0,1,1,1' },
    { region: '0.5,0,0.5,1' },
    { region: '0,0,1.1,1' },
    { region: '0,,1,1' },
    { presentationUID: '1.6' },
    { presentationSeriesUID: '1.5' },
    { presentationUID: '1.6', presentationSeriesUID: '1.5', windowCenter: '40', windowWidth: '400' },
    { presentationUID: '1.6', presentationSeriesUID: '1.5', frameNumber: '2' },
    { anonymize: 'no' },
  ])('is a bad request with %j', (said) => {
    expect(() => asked(said)).toThrow(BadUriParameter);
  });

  it.each(['requestType', 'studyUID', 'seriesUID', 'objectUID'])('is a bad request without %s', (name) => {
    expect(() => wadoUriRequest({ ...NEEDED, [name]: undefined })).toThrow(BadUriParameter);
  });

  it('is refused with a UID that is none', () => {
    expect(() => asked({ studyUID: '1..2' })).toThrow(MalformedUid);
  });

  it('never takes an identity for removed', () => {
    expect(() => asked({ anonymize: 'yes' })).toThrow(UriParameterNotOffered);
  });
});
