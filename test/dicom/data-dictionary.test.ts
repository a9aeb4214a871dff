import { describe, expect, it } from '@jest/globals';
import { isPrivateCreator, keywordOf, tagOf, vrOf } from '../../src/dicom/data-dictionary.js';

describe('Data dictionary (PS3.6)', () => {
  it.each([
    ['00100010', 'PN', 'PatientName'],
    ['00080018', 'UI', 'SOPInstanceUID'],
    ['0040A730', 'SQ', 'ContentSequence'],
    ['7FE00001', 'OV', 'ExtendedOffsetTable'],
    ['60003000', 'OW', 'OverlayData'],
    ['60023000', 'OW', 'OverlayData'],
    ['50040010', 'US', 'NumberOfPoints'],
    ['00203101', 'CS', 'SourceImageIDs'],
    ['00287FE0', 'UR', 'PixelDataProviderURL'],
  ])('%s is %s, %s', (tag, vr, keyword) => {
    expect([vrOf(tag), keywordOf(tag)]).toEqual([vr, keyword]);
  });

  it('finds tags by keyword', () => {
    expect(tagOf('StudyInstanceUID')).toBe('0020000D');
    expect(tagOf('NoSuchKeyword')).toBeUndefined();
    expect(tagOf('OverlayData')).toBeUndefined(); // sixteen groups have it
  });

  it('lets Pixel Representation decide between US and SS', () => {
    expect([vrOf('00280106'), vrOf('00280106', 0), vrOf('00280106', 1)]).toEqual(['US', 'US', 'SS']);
  });

  it('knows private creators and group lengths, and of the rest only that it is unknown (PS3.5 7.8.1)', () => {
    expect([vrOf('00090010'), vrOf('000900FF'), vrOf('00090000'), vrOf('00080000')]).toEqual(['LO', 'LO', 'UL', 'UL']);
    expect([vrOf('00091001'), vrOf('0009000F'), vrOf('60013000'), vrOf('00189999')]).toEqual(['UN', 'UN', 'UN', 'UN']);
    expect(['00090010', '00090100', '00080010'].map(isPrivateCreator)).toEqual([true, false, false]);
    expect(keywordOf('00091001')).toBeUndefined();
  });
});
