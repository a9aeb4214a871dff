import { describe, expect, it } from '@jest/globals';
import { tag, type DicomJson } from '../../src/dicom/dicom-json.js';
import { instanceAttributes } from '../../src/inference/instance-attributes.js';
import { selectImage } from '../../src/inference/select-image.js';
import { aCard } from './tiny-models.js';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const card = aCard({
  input: {
    ...aCard().input,
    modalities: [],
    sopClassUIDs: [],
    photometricInterpretations: [],
    bodyParts: [],
    viewPositions: [],
    required: [],
  },
  preparation: {
    ...aCard().preparation,
    values: { from: 'windows', form: 'exact', windows: [{ windowCenter: 40, windowWidth: 400 }] },
  },
});
const aSlice = (change: DicomJson = {}): DicomJson => ({
  [tag(0x0008, 0x0060)]: { vr: 'CS', Value: ['CT'] },
  [tag(0x0008, 0x0008)]: { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
  [tag(0x0028, 0x0103)]: { vr: 'US', Value: [1] },
  [tag(0x0028, 0x1052)]: { vr: 'DS', Value: [-1024] },
  ...change,
});
const chosen = (dataset: DicomJson, by = card) =>
  selectImage(by, instanceAttributes({ sopClassUID: CT, transferSyntaxUID: '1.2.840.10008.1.2.1' }, dataset, true), dataset);
const rescaleType = (type: string): DicomJson => ({ [tag(0x0028, 0x1054)]: { vr: 'LO', Value: [type] } });
const unsigned: DicomJson = {
  [tag(0x0028, 0x0103)]: { vr: 'US', Value: [0] },
  [tag(0x0028, 0x1052)]: { vr: 'DS', Value: [0] },
};

describe('A model of Hounsfield windows', () => {
  it('reads a CT slice in HU, also where Rescale Type is absent', () => {
    expect(chosen(aSlice())).toEqual({ reads: true });
    expect(chosen(aSlice({ ...rescaleType('HU'), ...unsigned }))).toEqual({ reads: true });
  });

  it.each<[string, DicomJson, string]>([
    ['values of another unit', rescaleType('US'), 'not-hounsfield'],
    ['values that can never lie below 0', unsigned, 'hounsfield-implausible'],
    ['a localizer', { [tag(0x0008, 0x0008)]: { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] } }, 'localizer'],
  ])('does not read %s', (_, change, code) => {
    expect(chosen(aSlice(change))).toMatchObject({ reads: false, why: { code } });
  });

  it('asks this of CT alone, and a model that takes images as they are shown asks it of none', () => {
    expect(chosen(aSlice({ ...unsigned, [tag(0x0008, 0x0060)]: { vr: 'CS', Value: ['MR'] } }))).toEqual({ reads: true });
    const { values: _, ...preparation } = card.preparation;
    expect(chosen(aSlice(rescaleType('US')), { ...card, preparation })).toEqual({ reads: true });
  });
});
