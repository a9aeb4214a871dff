import { describe, expect, it } from '@jest/globals';
import { unitVerdict, valuesVerdict } from '../../../../src/inference/preparation/volume/hounsfield.js';
import { aPlane } from './a-stack.js';

describe('Whether a series is in Hounsfield units', () => {
  it.each([
    ['a CT that says HU', 'CT', aPlane(), undefined],
    ['a CT that says nothing and rescales below 0', 'CT', aPlane({ rescaleType: undefined }), undefined],
    [
      'a CT of signed pixels that says nothing',
      'CT',
      aPlane({ rescaleType: undefined, rescaleIntercept: 0, pixelRepresentation: 1 }),
      undefined,
    ],
    ['a CT in other units', 'CT', aPlane({ rescaleType: 'US' }), 'not-hounsfield'],
    ['no CT', 'MR', aPlane(), 'not-hounsfield'],
    ['nothing known', undefined, aPlane(), 'not-hounsfield'],
    ['unsigned pixels without intercept', 'CT', aPlane({ rescaleType: undefined, rescaleIntercept: undefined }), 'hounsfield-implausible'],
  ])('by its header: %s', (_, modality, plane, code) => {
    const verdict = unitVerdict(modality, [aPlane(), plane]);
    expect(verdict.reads ? undefined : verdict.why.code).toBe(code);
  });

  it('by its values: air must be there, unless the header vouches for the unit', () => {
    expect(valuesVerdict(-1024, undefined)).toEqual({ reads: true, warnings: [] });
    expect(valuesVerdict(-120, undefined)).toMatchObject({
      reads: false,
      why: { code: 'hounsfield-implausible', text: 'Rescale Type is absent, and the lowest value is -120 where air is -1000 HU' },
    });
    expect(valuesVerdict(-120, 'HU')).toEqual({
      reads: true,
      warnings: [{ code: 'hounsfield-implausible', text: 'the lowest value is -120 where air is -1000 HU' }],
    });
  });
});
