import { describe, expect, it } from '@jest/globals';
import { select, type InstanceAttributes } from '../../src/inference/selection.js';
import { aCard } from './tiny-models.js';

const chestXray: InstanceAttributes = {
  modality: 'DX',
  sopClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
  photometricInterpretation: 'MONOCHROME2',
  bodyPartExamined: 'CHEST',
  viewPosition: 'PA',
  numberOfFrames: 1,
  samplesPerPixel: 1,
  hasPixelData: true,
};

describe('Choosing whether a model reads an instance', () => {
  it.each<[string, Partial<InstanceAttributes>]>([
    ['keeps every rule', {}],
    ['says nothing of what the card does not require', { bodyPartExamined: undefined, viewPosition: undefined }],
    ['pads its values', { modality: 'CR ', bodyPartExamined: ' CHEST ', viewPosition: 'AP ' }],
    ['writes its values in lower case', { bodyPartExamined: 'Chest' }],
    ['leaves an attribute empty', { viewPosition: '' }],
    ['has no Number of Frames', { numberOfFrames: undefined }],
  ])('reads an instance that %s', (_, changes) => {
    expect(select(aCard(), { ...chestXray, ...changes })).toEqual({ reads: true });
  });

  it.each<[Partial<InstanceAttributes>, string, string]>([
    [{ hasPixelData: false }, 'no-pixel-data', 'there is no pixel data'],
    [{ modality: undefined }, 'attribute-absent', 'modality is absent'],
    [{ modality: '' }, 'attribute-absent', 'modality is absent'],
    [{ modality: 'CT' }, 'modality', 'modality CT is not CR or DX'],
    [{ sopClassUID: '1.2.840.10008.5.1.4.1.1.2' }, 'sop-class', 'the SOP class is not one that the model reads'],
    [{ bodyPartExamined: 'HAND' }, 'body-part', 'the body part is not CHEST'],
    [{ viewPosition: 'LL' }, 'view-position', 'view position LL is not PA or AP'],
    [
      { photometricInterpretation: 'RGB', samplesPerPixel: 3 },
      'photometric-interpretation',
      'photometric interpretation RGB is not MONOCHROME1 or MONOCHROME2',
    ],
    [{ samplesPerPixel: 2 }, 'samples-per-pixel', '2 samples per pixel are neither 1 nor 3'],
    [{ numberOfFrames: 3 }, 'number-of-frames', '3 frames are more than 1'],
    [
      { numberOfFrames: 25, transferSyntaxUID: '1.2.840.10008.1.2.4.102' },
      'video-codec',
      'the frames are one video stream (MPEG-4 AVC/H.264 High Profile / Level 4.1), which this server does not decode',
    ],
  ])('does not read %j and says why', (changes, code, text) => {
    expect(select(aCard(), { ...chestXray, ...changes })).toEqual({ reads: false, why: { code, text } });
  });

  it('checks nothing by a rule that lists nothing', () => {
    const { input } = aCard();
    const card = aCard({ input: { ...input, modalities: [], sopClassUIDs: [], bodyParts: [], viewPositions: [] } });
    const other = { modality: 'MR', sopClassUID: '1.2.3', bodyPartExamined: 'KNEE', viewPosition: 'LL' };
    expect(select(card, { ...chestXray, ...other })).toEqual({ reads: true });
  });

  it.each<Partial<InstanceAttributes>>([
    { modality: 'SMITH^ANNA' },
    { bodyPartExamined: 'SMITH ANNA' },
    { viewPosition: 'SMITH' },
    { photometricInterpretation: 'SMITH' },
  ])('repeats nothing that somebody typed: %j', (changes) => {
    const selection = select(aCard(), { ...chestXray, ...changes });
    expect(selection.reads).toBe(false);
    expect(JSON.stringify(selection)).not.toContain('SMITH');
  });
});
