import { describe, expect, it } from '@jest/globals';
import { displayColour } from '../../src/dicom/display-colour.js';
import { tag, type DicomJson } from '../../src/dicom/dicom-json.js';
import { graphicAnnotations } from '../../src/dicom/graphic-annotations.js';
import { overlayBytes, overlayPlane } from '../../src/dicom/overlay-plane.js';

const SHOWN = { sopInstanceUID: '1.2.3', frame: 1 };
const [GREY, CIELAB] = [tag(0x0070, 0x0066), tag(0x0070, 0x0401)];
const line = (points: number): DicomJson => ({
  [tag(0x0070, 0x0005)]: { vr: 'CS', Value: ['PIXEL'] },
  [tag(0x0070, 0x0022)]: { vr: 'FL', Value: Array.from({ length: points * 2 }, (_, i) => i) },
  [tag(0x0070, 0x0023)]: { vr: 'CS', Value: ['POLYLINE'] },
});
const stateOf = (...objects: DicomJson[]): DicomJson => ({
  [tag(0x0070, 0x0001)]: { vr: 'SQ', Value: [{ [tag(0x0070, 0x0009)]: { vr: 'SQ', Value: objects } }] },
});

describe('Graphic annotations of a state (PS3.3 C.10.5)', () => {
  it('are drawn up to a bound, and say where there are more', () => {
    const { graphics, undrawn } = graphicAnnotations(stateOf(line(15_000), line(15_000), line(2)), SHOWN);
    expect(graphics).toHaveLength(1);
    expect(undrawn).toEqual(['graphics of more points or characters than are drawn']);
  });

  it('are outlines only where their insides have too many points, and say so', () => {
    const filled = { ...line(800), [tag(0x0070, 0x0024)]: { vr: 'CS', Value: ['Y'] } };
    const { graphics, undrawn } = graphicAnnotations(stateOf(filled, filled), SHOWN);
    expect(graphics).toMatchObject([{ isFilled: true }, { isFilled: false }]);
    expect(undrawn).toEqual(['the inside of graphics of so many points']);
  });

  it('leave out a line of which a number is none, and say so: the rest would be another line', () => {
    const odd = line(3);
    odd[tag(0x0070, 0x0022)].Value = [1, 1, null, 2, 3, 3];
    expect(graphicAnnotations(stateOf(odd, line(2)), SHOWN)).toMatchObject({
      graphics: [{}],
      undrawn: ['graphics whose data are malformed'],
    });
    const inBulk = { ...line(2), [tag(0x0070, 0x0022)]: { vr: 'FL', BulkDataURI: 'bulkdata/x' } };
    expect(graphicAnnotations(stateOf(inBulk), SHOWN).undrawn).toEqual(['graphics whose data are malformed']);
  });

  it('say that styles are not followed', () => {
    const styled = { ...line(2), [tag(0x0070, 0x0232)]: { vr: 'SQ', Value: [{}] } };
    expect(graphicAnnotations(stateOf(styled), SHOWN)).toMatchObject({ graphics: [{}], undrawn: ['line, fill and text styles'] });
  });
});

describe('Colours that a state recommends (PS3.3 C.10.7.1.1)', () => {
  const of = (item: DicomJson) => displayColour(item, GREY, CIELAB, 255);
  const lab = (...values: number[]): DicomJson => ({ [CIELAB]: { vr: 'US', Value: values } });

  it('are P-Values, CIELab on colour, white without either', () => {
    expect(of({ [GREY]: { vr: 'US', Value: [0x8080] } })).toEqual({ grey: 128, rgb: [128, 128, 128] });
    expect(of({})).toEqual({ grey: 255, rgb: [255, 255, 255] });
    expect(of(lab(0xffff, 0x8080, 0x8080))).toEqual({ grey: 255, rgb: [255, 255, 255] });
    // sRGB red under D50: L* 54.29, a* 80.80, b* 69.89.
    const red = of(lab((54.29 / 100) * 65535, ((80.8 + 128) / 255) * 65535, ((69.89 + 128) / 255) * 65535)).rgb;
    expect([red[0] > 252, red[1] < 4, red[2] < 4]).toEqual([true, true, true]);
  });
});

describe('Planes of an overlay (PS3.3 C.9.2)', () => {
  const us = (...values: number[]) => ({ vr: 'US', Value: values });
  const overlay = { [tag(0x6000, 0x0010)]: us(3), [tag(0x6000, 0x0011)]: us(5), [tag(0x6000, 0x0050)]: us(2, 0) };
  const planes = { ...overlay, [tag(0x6000, 0x0015)]: us(2), [tag(0x6000, 0x0051)]: us(4) };

  it('lie over every frame where there is one, else over theirs', () => {
    const bits = new Uint8Array(4);
    expect(overlayPlane(overlay, 0x6000, 9, bits)).toEqual({ rows: 3, columns: 5, top: 1, left: -1, bits, bitOffset: 0 });
    expect(overlayPlane(planes, 0x6000, 5, bits)).toMatchObject({ bitOffset: 15 });
    expect([3, 6].map((frame) => overlayPlane(planes, 0x6000, frame, bits))).toEqual([undefined, undefined]);
  });

  it('have a bound, whatever they say of their size', () => {
    expect(overlayBytes(planes, 0x6000)).toBe(4);
    expect(overlayBytes({ ...overlay, [tag(0x6000, 0x0010)]: us(65535), [tag(0x6000, 0x0011)]: us(65535) }, 0x6000)).toBeUndefined();
    expect(overlayBytes({ ...overlay, [tag(0x6000, 0x0010)]: us(0) }, 0x6000)).toBeUndefined();
    expect(overlayBytes({ ...overlay, [tag(0x6000, 0x0100)]: us(16) }, 0x6000)).toBeUndefined();
  });
});
