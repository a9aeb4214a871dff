import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { aState, AS_IT_IS, cs, fl, greyOf, is, reference, sl, sq, st, us } from './a-presentation-state.js';
import { aChestXray, type Elements, type TestInstance } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const SIDE = 20;
const GROUND = 100;
const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, WindowCenter: 128, WindowWidth: 256 };
/** 20 × 20 pixels of one grey, two frames; the upper left 8 × 2 have an overlay in group 6002. */
const plain = aChestXray(
  {
    ...EIGHT_BITS,
    Rows: SIDE,
    Columns: SIDE,
    NumberOfFrames: 2,
    '60020010': 2,
    '60020011': 8,
    '60020040': 'G',
    '60020050': [1, 1],
    '60020100': 1,
    '60020102': 0,
    '60023000': Buffer.from([0b0000_0101, 0b1000_0000]),
  },
  { pixelData: Buffer.alloc(SIDE * SIDE * 2, GROUND) },
);

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  expect((await wetread.store(plain.bytes)).status).toBe(200);
});
afterAll(() => wetread.remove());

async function answerOf(state: TestInstance, query = '', accept = 'image/png'): Promise<Response> {
  expect((await wetread.store(state.bytes)).status).toBe(200);
  return wetread.fetch(`${state.path}/rendered${query}`, { headers: { accept } });
}

/** Columns and rows of pixels, from 0, that are not the ground, by their grey. */
async function drawn(said: Elements, query = ''): Promise<Record<number, string[]>> {
  const answer = await answerOf(aState(plain, { SoftcopyVOILUTSequence: [AS_IT_IS], ...said }), query);
  const { grey, size } = await greyOf(Buffer.from(await answer.arrayBuffer()));
  const marks: Record<number, string[]> = {};
  grey.forEach((value, i) => {
    if (value !== GROUND) (marks[value] ??= []).push(`${i % size[0]},${Math.floor(i / size[0])}`);
  });
  return marks;
}
const warningOf = async (said: Elements): Promise<string | null> => (await answerOf(aState(plain, said))).headers.get('warning');

const P_VALUE = { white: 0xffff, half: 0x8080, low: 0x2020 }; // 255, 128, 32
const layer = (name: string, order: number, pValue: number): DicomJson => ({
  '00700002': cs(name),
  '00700062': is(order),
  '00700066': us(pValue),
});
const shape = (type: string, data: number[], said: DicomJson = {}): DicomJson => ({
  '00700005': cs('PIXEL'),
  '00700020': us(2),
  '00700021': us(data.length / 2),
  '00700022': fl(...data),
  '00700023': cs(type),
  '00700024': cs('N'),
  ...said,
});
const annotation = (name: string, ...shapes: DicomJson[]): DicomJson => ({ '00700002': cs(name), '00700009': sq(...shapes) });
const ONE = { GraphicLayerSequence: [layer('ONE', 1, P_VALUE.white)] };
const places = (columns: number[], rows: number[]): string[] => rows.flatMap((row) => columns.map((column) => `${column},${row}`));
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('Display shutters of a presentation state (PS3.3 C.7.6.11)', () => {
  const rectangle = {
    ShutterLeftVerticalEdge: 3,
    ShutterRightVerticalEdge: 18,
    ShutterUpperHorizontalEdge: 2,
    ShutterLowerHorizontalEdge: 19,
  };

  it('leave a rectangle of the image to be seen, its edges with it', async () => {
    const hidden = (await drawn({ ShutterShape: 'RECTANGULAR', ...rectangle, ShutterPresentationValue: P_VALUE.half }))[128];
    expect(hidden).toHaveLength(400 - 16 * 18);
    expect(hidden).not.toEqual(expect.arrayContaining(['2,1']));
    expect(hidden).toEqual(expect.arrayContaining(['1,1', '2,0', '18,1', '2,19']));
  });

  it('leave of several shapes what is inside all of them', async () => {
    const shapes = {
      ShutterShape: ['RECTANGULAR', 'CIRCULAR', 'POLYGONAL'],
      ...rectangle,
      CenterOfCircularShutter: [10, 10],
      RadiusOfCircularShutter: 5,
      VerticesOfThePolygonalShutter: [1, 1, 1, 20, 10, 20, 10, 1],
      ShutterPresentationValue: 0,
    };
    const hidden = new Set((await drawn(shapes))[0]);
    const seen = places(range(0, 19), range(0, 19)).filter((place) => !hidden.has(place));
    // The upper half of a disc of radius 5 around row 10, column 10, the row of its centre with it.
    expect(seen).toEqual(
      places(range(0, 19), range(0, 19)).filter((place) => {
        const [column, row] = place.split(',').map(Number);
        return row <= 9 && (column - 9) ** 2 + (row - 9) ** 2 <= 25;
      }),
    );
  });

  it('turn and are cut with the image', async () => {
    const area = { DisplayedAreaSelectionSequence: [{ '00700052': sl(1, 1), '00700053': sl(10, 20) }], ImageRotation: 90 };
    const hidden = await drawn({ ShutterShape: 'RECTANGULAR', ...rectangle, ShutterPresentationValue: 0, ...area });
    // 20 × 10: what was the left is on top, what was below is on the left.
    expect(hidden[0]).toEqual(
      places(range(0, 19), range(0, 9)).filter((place) => {
        const [column, row] = place.split(',').map(Number);
        return row < 2 || column < 1 || column > 18;
      }),
    );
  });

  it('may be a bitmap, and say so where it is missing (C.7.6.15)', async () => {
    const bitmap = { ShutterShape: 'BITMAP', ShutterOverlayGroup: 0x6000, ShutterPresentationValue: P_VALUE.low };
    const overlay = {
      '60000010': 1,
      '60000011': 16,
      '60000040': 'G',
      '60000050': [3, 2],
      '60000100': 1,
      '60000102': 0,
      '60003000': Buffer.from([0xff, 0x01]),
    };
    expect(await drawn({ ...bitmap, ...overlay })).toEqual({ 32: places(range(1, 9), [2]) });
    expect(await warningOf(bitmap)).toContain('an overlay that is absent');
  });
});

describe('Graphic annotations of a presentation state (PS3.3 C.10.5)', () => {
  it('draw lines where their pixels are, 0.0 being the corner of the first one', async () => {
    const line = annotation('ONE', shape('POLYLINE', [2.5, 3.5, 8.5, 3.5]));
    expect(await drawn({ ...ONE, GraphicAnnotationSequence: [line] })).toEqual({ 255: places(range(2, 8), [3]) });
  });

  it('follow the displayed area, rotation, flip and scale', async () => {
    const turned = {
      ...ONE,
      GraphicAnnotationSequence: [annotation('ONE', shape('POLYLINE', [2.5, 3.5, 8.5, 3.5]))],
      DisplayedAreaSelectionSequence: [{ '00700052': sl(2, 2), '00700053': sl(11, 15) }],
      ImageRotation: 90,
      ImageHorizontalFlip: 'Y',
    };
    // 14 × 10 after the turn; row 3 is 11 columns from the left, then flipped.
    expect(await drawn(turned)).toEqual({ 255: places([2], range(1, 7)) });
    const tenfold = Object.values(await drawn(turned, '?viewport=140,100')).flat(); // between two pixels: on both
    expect([...tenfold].sort()).toEqual([...places([24, 25], range(14, 75))].sort());
  });

  it('place fractions of the displayed area after its turn', async () => {
    const across = shape('POLYLINE', [0.025, 0.525, 0.975, 0.525], { '00700005': cs('DISPLAY') });
    const said = { ...ONE, GraphicAnnotationSequence: [annotation('ONE', across)], ImageRotation: 90 };
    expect(await drawn(said)).toEqual({ 255: places(range(0, 19), [10]) });
  });

  it('fill what is closed, mark points, draw circles, ellipses and curves', async () => {
    const on = async (type: string, data: number[], filled = 'Y') =>
      (await drawn({ ...ONE, GraphicAnnotationSequence: [annotation('ONE', shape(type, data, { '00700024': cs(filled) }))] }))[255] ?? [];
    expect(await on('POLYLINE', [4, 4, 9, 4, 9, 9, 4, 9, 4, 4])).toEqual(expect.arrayContaining(places(range(4, 8), range(4, 8))));
    expect(await on('POLYLINE', [4.5, 4.5, 9.5, 4.5, 9.5, 9.5])).not.toContain('8,6'); // open
    expect(await on('POINT', [5.5, 5.5])).toContain('5,5');
    expect(await on('CIRCLE', [10, 10, 15, 10])).toEqual(expect.arrayContaining(['10,10', '6,9', '10,13']));
    expect(await on('CIRCLE', [10, 10, 15, 10], 'N')).not.toContain('10,10');
    const ellipse = await on('ELLIPSE', [10, 2, 10, 18, 8, 10, 12, 10]);
    expect(ellipse).toEqual(expect.arrayContaining(['10,4', '10,15', '9,10']));
    expect(ellipse).not.toContain('4,10');
    expect(await on('INTERPOLATED', [2.5, 2.5, 8.5, 2.5, 14.5, 2.5], 'N')).toEqual(places(range(2, 14), [2]));
  });

  it('are drawn by layer, lower orders first, after the shutter, each in its grey', async () => {
    const line = [0.5, 5.5, 19.5, 5.5];
    const said = {
      GraphicLayerSequence: [layer('TOP', 9, P_VALUE.white), layer('LOW', 2, P_VALUE.half)],
      GraphicAnnotationSequence: [annotation('TOP', shape('POLYLINE', [0.5, 5.5, 9.5, 5.5])), annotation('LOW', shape('POLYLINE', line))],
      ShutterShape: 'RECTANGULAR',
      ShutterLeftVerticalEdge: 1,
      ShutterRightVerticalEdge: 20,
      ShutterUpperHorizontalEdge: 1,
      ShutterLowerHorizontalEdge: 4,
      ShutterPresentationValue: 0,
    };
    const marks = await drawn(said);
    expect([marks[255], marks[128]]).toEqual([places(range(0, 9), [5]), places(range(10, 19), [5])]);
    expect(marks[0]).toHaveLength(400 - 80 - 20);
  });

  it('are on the frames that they name only', async () => {
    const named = { ...annotation('ONE', shape('POLYLINE', [2.5, 3.5, 8.5, 3.5])), '00081140': reference(plain, 2) };
    const state = aState(plain, { ...ONE, SoftcopyVOILUTSequence: [AS_IT_IS], GraphicAnnotationSequence: [named] });
    const parts = await partsOf(await answerOf(state, '', 'multipart/related; type="image/png"'));
    const lit = await Promise.all(parts.map(async ({ bytes }) => (await greyOf(bytes)).grey.filter((value) => value === 255).length));
    expect(lit).toEqual([0, 7]);
  });

  it('write text from the corner of its box on, in our own letters', async () => {
    const text = { '00700003': cs('PIXEL'), '00700010': fl(3, 4), '00700011': fl(19, 14), '00700012': cs('LEFT'), '00700006': st('I') };
    const marks = await drawn({ ...ONE, GraphicAnnotationSequence: [{ '00700002': cs('ONE'), '00700008': sq(text) }] });
    const letter = [...places([4, 5, 6], [4]), ...places([5], range(5, 9)), ...places([4, 5, 6], [10])];
    expect(marks[255]).toEqual(letter);
    expect(marks[0]).toContain('4,3'); // its edge: to be read on any ground
  });

  it('mark the anchor of a text that asks for it', async () => {
    const text = { '00700004': cs('PIXEL'), '00700014': fl(2.5, 2.5), '00700015': cs('Y'), '00700006': st('1') };
    const marks = await drawn({ ...ONE, GraphicAnnotationSequence: [{ '00700002': cs('ONE'), '00700008': sq(text) }] });
    expect(marks[255]).toContain('2,2');
    expect(marks[255].length).toBeGreaterThan(10);
  });
});

describe('Overlays that a presentation state activates (PS3.3 C.11.7)', () => {
  it('are drawn from the image in the grey of their layer', async () => {
    const said = { GraphicLayerSequence: [layer('ONE', 1, P_VALUE.half)], '60021001': 'ONE' };
    expect(await drawn(said)).toEqual({ 128: ['0,0', '2,0', '7,1'] });
    expect(await drawn({ '60021001': null })).toEqual({});
  });

  it('are drawn from the state where it has that group, however long', async () => {
    const [rows, columns] = [100, 100]; // more than stands in a header
    const own = {
      '60020010': rows,
      '60020011': columns,
      '60020040': 'G',
      '60020050': [1, 1],
      '60020100': 1,
      '60020102': 0,
      '60023000': Buffer.alloc(1250, 0xff),
    };
    expect((await drawn({ ...ONE, '60021001': 'ONE', ...own }))[255]).toHaveLength(400);
  });
});

describe('What a presentation state asks for and is not drawn', () => {
  it('is named by a Warning, without values', async () => {
    const said = {
      ...ONE,
      '60041001': 'ONE',
      GraphicAnnotationSequence: [
        {
          '00700002': cs('ONE'),
          '00700009': sq(shape('POLYLINE', [1, 1, 5, 5], { '00700005': cs('MATRIX') }), shape('SPIRAL', [1, 1]), shape('CIRCLE', [1, 1])),
          '00700008': sq({ '00700004': cs('PIXEL'), '00700014': fl(2, 2), '00700006': st('Doe 日本') }),
          '00700209': sq({ '00700294': cs('RULER') }),
        },
      ],
    };
    expect(await warningOf(said)).toBe(
      `299 ${new URL(wetread.url).host} "Not drawn as the presentation state has it: compound graphics; graphics placed in the total pixel matrix; ` +
        'graphics whose data are malformed; letters that the font lacks; an overlay that is absent."',
    );
  });

  it('has no Warning where all is drawn', async () => {
    expect(await warningOf({ ...ONE, GraphicAnnotationSequence: [annotation('ONE', shape('POINT', [1, 1]))] })).toBeNull();
  });

  it('is named in parts by each part, and by the answer', async () => {
    const state = aState(plain, { '60041001': 'ONE' });
    const answer = await answerOf(state, '', 'multipart/related; type="image/png"');
    const warnings = (await partsOf(answer)).map(({ headers }) => headers['warning']);
    expect(warnings).toEqual([answer.headers.get('warning'), answer.headers.get('warning')]);
    expect(warnings[0]).toContain('an overlay that is absent');
  });

  it('is no circle bent: pixels that are not square are named', async () => {
    const area = { '00700052': sl(1, 1), '00700053': sl(20, 20), '00700102': is(2, 1) };
    expect(await warningOf({ DisplayedAreaSelectionSequence: [area] })).toContain('pixels that are not square');
  });
});
