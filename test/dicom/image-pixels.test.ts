import { describe, expect, it } from '@jest/globals';
import { tag, type DicomElement, type DicomJson } from '../../src/dicom/dicom-json.js';
import { describePixels, lutBulkDataURIs } from '../../src/dicom/image-pixels.js';
import { expandSegments } from '../../src/dicom/palette-lut.js';
import { InvalidPixelDescription, NoPixelData, PixelsTooLarge } from '../../src/dicom/pixel-faults.js';
import { EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN } from '../../src/dicom/transfer-syntaxes.js';

const us = (...values: number[]): DicomElement => ({ vr: 'US', Value: values });
const ds = (...values: number[]): DicomElement => ({ vr: 'DS', Value: values });
const cs = (value: string): DicomElement => ({ vr: 'CS', Value: [value] });
const sq = (...items: DicomJson[]): DicomElement => ({ vr: 'SQ', Value: items });
const words = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);

/** A 12-bit CT of 4 × 3, with what the test says. */
function aCt(given: DicomJson = {}): DicomJson {
  return {
    [tag(0x0028, 0x0002)]: us(1),
    [tag(0x0028, 0x0004)]: cs('MONOCHROME2'),
    [tag(0x0028, 0x0010)]: us(4),
    [tag(0x0028, 0x0011)]: us(3),
    [tag(0x0028, 0x0100)]: us(16),
    [tag(0x0028, 0x0101)]: us(12),
    [tag(0x0028, 0x0102)]: us(11),
    [tag(0x0028, 0x0103)]: us(0),
    [tag(0x7fe0, 0x0010)]: { vr: 'OW', BulkDataURI: 'bulkdata/7FE00010' },
    ...given,
  };
}
const describeCt = (given?: DicomJson, frame?: number) => describePixels(aCt(given), EXPLICIT_VR_LITTLE_ENDIAN, frame);

describe('the description of pixels (PS3.3 C.7.6.3)', () => {
  it('says what the Image Pixel module says, in a form that can be posted to a thread', () => {
    const described = describeCt();
    expect(described).toMatchObject({
      rows: 4,
      columns: 3,
      bitsStored: 12,
      highBit: 11,
      numberOfFrames: 1,
      planarConfiguration: 0,
    });
    expect(structuredClone(described)).toEqual(described);
  });

  it.each([
    ['Rows absent', { [tag(0x0028, 0x0010)]: { vr: 'US' } }],
    ['no columns', { [tag(0x0028, 0x0011)]: us(0) }],
    ['more bits stored than allocated', { [tag(0x0028, 0x0101)]: us(17) }],
    ['a high bit below the bits stored', { [tag(0x0028, 0x0102)]: us(5) }],
    ['a cell size that DICOM does not have', { [tag(0x0028, 0x0100)]: us(12) }],
    ['three samples in MONOCHROME2', { [tag(0x0028, 0x0002)]: us(3) }],
    ['RGB of one sample', { [tag(0x0028, 0x0004)]: cs('RGB') }],
    ['a palette image without palette', { [tag(0x0028, 0x0004)]: cs('PALETTE COLOR') }],
    ['no frames', { [tag(0x0028, 0x0008)]: { vr: 'IS', Value: [0] } }],
  ])('refuses %s', (_, given: DicomJson) => {
    expect(() => describeCt(given)).toThrow(InvalidPixelDescription);
  });

  it('refuses a frame larger than the server holds, and one that is not there', () => {
    expect(() => describeCt({ [tag(0x0028, 0x0010)]: us(65535), [tag(0x0028, 0x0011)]: us(65535) })).toThrow(PixelsTooLarge);
    expect(() => describeCt({}, 2)).toThrow(InvalidPixelDescription);
  });

  it('says so where there are no pixels at all', () => {
    const { [tag(0x7fe0, 0x0010)]: _, ...report } = aCt();
    expect(() => describePixels(report, EXPLICIT_VR_LITTLE_ENDIAN)).toThrow(NoPixelData);
  });

  it('reads the padding of floating point pixels from its own attributes (C.7.5.1.1.2)', () => {
    const fl = (value: number): DicomElement => ({ vr: 'FL', Value: [value] });
    const { [tag(0x7fe0, 0x0010)]: _integers, ...ct } = aCt({ [tag(0x0028, 0x0100)]: us(32), [tag(0x0028, 0x0120)]: us(7) });
    const floats = { ...ct, [tag(0x7fe0, 0x0008)]: { vr: 'OF', BulkDataURI: 'bulkdata/7FE00008' } };
    expect(describePixels(floats, EXPLICIT_VR_LITTLE_ENDIAN).padding).toBeUndefined();
    const padded = { ...floats, [tag(0x0028, 0x0122)]: fl(-1000.5), [tag(0x0028, 0x0124)]: fl(-2000) };
    expect(describePixels(padded, EXPLICIT_VR_LITTLE_ENDIAN).padding).toEqual({ low: -2000, high: -1000.5 });
  });

  it('names windows by Window Center & Width Explanation (0028,1055)', () => {
    const lo = (...names: (string | null)[]): DicomElement => ({ vr: 'LO', Value: names });
    const windows = { [tag(0x0028, 0x1050)]: ds(40, -600, 300), [tag(0x0028, 0x1051)]: ds(400, 1500, 2000) };
    expect(describeCt({ ...windows, [tag(0x0028, 0x1055)]: lo('SOFT ', null, 'BONE') }).voi.windows).toEqual([
      { windowCenter: 40, windowWidth: 400, explanation: 'SOFT' },
      { windowCenter: -600, windowWidth: 1500 },
      { windowCenter: 300, windowWidth: 2000, explanation: 'BONE' },
    ]);
  });

  it('reads padding that was written with the other sign', () => {
    const signed = { [tag(0x0028, 0x0103)]: us(1), [tag(0x0028, 0x0101)]: us(16), [tag(0x0028, 0x0102)]: us(15) };
    expect(describeCt({ ...signed, [tag(0x0028, 0x0120)]: us(63536) }).padding).toEqual({ low: -2000, high: -2000 });
    expect(
      describeCt({
        ...signed,
        [tag(0x0028, 0x0120)]: { vr: 'SS', Value: [-2000] },
        [tag(0x0028, 0x0121)]: { vr: 'SS', Value: [-1990] },
      }).padding,
    ).toEqual({ low: -2000, high: -1990 });
  });
});

describe('the LUTs of a frame', () => {
  const perFrame = (intercept: number, center: number): DicomJson => ({
    [tag(0x0028, 0x9145)]: sq({ [tag(0x0028, 0x1052)]: ds(intercept), [tag(0x0028, 0x1053)]: ds(2) }),
    [tag(0x0028, 0x9132)]: sq({ [tag(0x0028, 0x1050)]: ds(center), [tag(0x0028, 0x1051)]: ds(10) }),
  });

  it('are those of its own functional groups, before the shared and the data set (PS3.3 C.7.6.16.2)', () => {
    const enhanced = {
      [tag(0x0028, 0x0008)]: { vr: 'IS', Value: [3] },
      [tag(0x5200, 0x9229)]: sq(perFrame(-100, 1)),
      [tag(0x5200, 0x9230)]: sq(perFrame(-200, 2), {}),
      [tag(0x0028, 0x1052)]: ds(-300),
    };
    const [first, second] = [describeCt(enhanced, 1), describeCt(enhanced, 2)];
    expect(first.modality).toEqual({ kind: 'rescale', rescaleSlope: 2, rescaleIntercept: -200 });
    expect(second.modality).toEqual({ kind: 'rescale', rescaleSlope: 2, rescaleIntercept: -100 });
    expect([first.voi.windows[0].windowCenter, second.voi.windows[0].windowCenter]).toEqual([2, 1]);
  });

  it('pair windows by their place; what has no partner is no window', () => {
    const { windows } = describeCt({ [tag(0x0028, 0x1050)]: ds(40, 50), [tag(0x0028, 0x1051)]: ds(400) }).voi;
    expect(windows).toEqual([{ windowCenter: 40, windowWidth: 400 }]);
  });

  it('leave out windows of a function that the standard does not know', () => {
    const odd = { [tag(0x0028, 0x1050)]: ds(40), [tag(0x0028, 0x1051)]: ds(400), [tag(0x0028, 0x1056)]: cs('CUBIC') };
    expect(describeCt(odd).voi.windows).toEqual([]);
  });

  it('may be values, inline binary or bulk data', () => {
    const lut = (data: DicomElement): DicomJson => ({
      [tag(0x0028, 0x3000)]: sq({ [tag(0x0028, 0x3002)]: us(3, 1, 16), [tag(0x0028, 0x3006)]: data }),
    });
    const table = { kind: 'table', table: { firstMapped: 1, bits: 16, entries: Uint16Array.of(5, 6, 700) } };
    const inBulk = aCt(lut({ vr: 'OW', BulkDataURI: 'bulkdata/lut' }));
    expect(describeCt(lut(us(5, 6, 700))).modality).toEqual(table);
    expect(describeCt(lut({ vr: 'OW', InlineBinary: words(5, 6, 700).toString('base64') })).modality).toEqual(table);
    expect(lutBulkDataURIs(inBulk)).toEqual(['bulkdata/lut']);
    expect(describePixels(inBulk, EXPLICIT_VR_LITTLE_ENDIAN, 1, () => words(5, 6, 700)).modality).toEqual(table);
    expect(describePixels(inBulk, EXPLICIT_VR_BIG_ENDIAN, 1, () => words(5, 6, 700).swap16()).modality).toEqual(table);
    expect(() => describePixels(inBulk, EXPLICIT_VR_LITTLE_ENDIAN)).toThrow(InvalidPixelDescription);
    expect(() => describeCt(lut(us(5, 6)))).toThrow(InvalidPixelDescription);
  });

  it('of a palette may be packed bytes or segments (PS3.3 C.7.6.3.1.5, C.7.9.2)', () => {
    const palette = { [tag(0x0028, 0x0004)]: cs('PALETTE COLOR') };
    const descriptors = Object.fromEntries([0, 1, 2].map((c) => [tag(0x0028, 0x1101 + c), us(4, 0, 8)]));
    const packed = Object.fromEntries(
      [0, 1, 2].map((c) => [tag(0x0028, 0x1201 + c), { vr: 'OW', InlineBinary: Buffer.from([1, 2, 3, 4]).toString('base64') }]),
    );
    expect(describeCt({ ...palette, ...descriptors, ...packed }).palette?.green.entries).toEqual(Uint16Array.of(1, 2, 3, 4));
    const segmented = Object.fromEntries(
      [0, 1, 2].map((c) => [tag(0x0028, 0x1221 + c), { vr: 'OW', InlineBinary: Buffer.from([0, 1, 10, 1, 3, 40]).toString('base64') }]),
    );
    expect(describeCt({ ...palette, ...descriptors, ...segmented }).palette?.red.entries).toEqual(Uint16Array.of(10, 20, 30, 40));
  });

  it.each([
    ['a line without a start', [1, 2, 5]],
    ['fewer entries than promised', [0, 1, 5]],
    ['more entries than promised', [0, 3, 5, 5, 5]],
    ['a segment cut off after its type', [0, 1, 5, 0]],
    ['a copy before there is anything to copy', [2, 1, 0, 0]],
    ['a copy of itself', [0, 1, 5, 2, 1, 6, 0]],
    ['a copy from beyond the data', [0, 1, 5, 2, 1, 0xffff, 0xffff]],
    ['a copy that starts within a word', [0, 1, 5, 2, 1, 1, 0]],
    ['a copy of more entries than promised', [0, 1, 5, 2, 0xffff, 0, 0]],
    ['a copy of nothing', [0, 1, 5, 2, 0, 0, 0]],
    ['a copy cut off', [0, 1, 5, 2, 1, 0]],
    ['a segment of no known type', [0, 1, 5, 3, 1, 0, 0]],
  ])('refuse %s', (_, segments) => {
    expect(() => expandSegments({ units: Uint16Array.from(segments), unitBytes: 2 }, 2)).toThrow(InvalidPixelDescription);
  });

  it('of a palette may copy segments that stand before, by their byte (PS3.3 C.7.9.2.3)', () => {
    const words = Uint16Array.of(0, 1, 100, 1, 2, 300, 1, 1, 0, 2, 2, 6, 0); // a peak of 3, then two segments from byte 6 on again
    expect(Array.from(expandSegments({ units: words, unitBytes: 2 }, 7))).toEqual([100, 200, 300, 0, 150, 300, 0]);
    const bytes = Uint16Array.of(0, 1, 10, 1, 2, 30, 1, 1, 0, 2, 2, 3, 0, 0, 0);
    expect(Array.from(expandSegments({ units: bytes, unitBytes: 1 }, 7))).toEqual([10, 20, 30, 0, 15, 30, 0]);
  });

  it('of a palette may copy copies', () => {
    const words = Uint16Array.of(0, 2, 7, 8, 2, 1, 0, 0, 2, 2, 0, 0); // (7, 8), that again, both again
    expect(Array.from(expandSegments({ units: words, unitBytes: 2 }, 8))).toEqual([7, 8, 7, 8, 7, 8, 7, 8]);
  });
});
