import { describe, expect, it } from '@jest/globals';
import type { GraphicText } from '../../src/dicom/graphic-annotations.js';
import { graphicsSvg } from '../../src/pixels/draw-graphics.js';
import { encodeImage } from '../../src/pixels/encode-image.js';
import type { DrawnGraphics } from '../../src/pixels/pixel-job.js';
import { placing } from '../../src/pixels/placing.js';

const WHITE = { grey: 255, rgb: [255, 255, 255] } as const;
/** 40 × 20 pixels of an image are shown; the area that was asked for reaches 10 pixels beyond its left edge. */
const shown = { left: 0, top: 4, width: 40, height: 20 };
const specified = { left: -10, top: 4, width: 50, height: 20 };
const text = (from: { x: number; y: number }, to: { x: number; y: number }): GraphicText => ({
  kind: 'text',
  lines: ['L'],
  box: { units: 'PIXEL', from, to, justification: 'LEFT' },
  colour: WHITE,
});

/** Where the white dots of a black picture of 40 × 20 are, as rows of text. */
async function picture(graphics: DrawnGraphics['graphics'], rotation: 0 | 90 | 180 | 270 = 0): Promise<string[]> {
  const black = { bytes: new Uint8Array(1600), rows: 40, columns: 40, channels: 1 } as const;
  const whole = { left: 0, top: 0, width: 40, height: 40 };
  const viewport = { columns: 40, rows: 40, rotation };
  const form = { format: 'raw', viewport, graphics: { graphics, shown: whole, specified: whole } } as const;
  const { bytes } = await encodeImage(black, form, 10_000);
  const rows = Array.from({ length: 40 }, (_, row) =>
    Array.from(bytes.subarray(row * 40, row * 40 + 40), (value) => (value === 255 ? '#' : '.')).join(''),
  );
  const [left, right] = [
    Math.min(...rows.map((row) => row.indexOf('#')).filter((at) => at >= 0)),
    Math.max(...rows.map((row) => row.lastIndexOf('#'))),
  ];
  return rows.filter((row) => row.includes('#')).map((row) => row.slice(left, right + 1));
}

describe('Graphics on a picture', () => {
  it.each([
    [0, false, { x: 10, y: 6 }, { x: -10, y: 0 }],
    [90, false, { x: 17, y: 5 }, { x: 0, y: -10 }],
    [180, false, { x: 30, y: 14 }, { x: 0, y: 0 }],
    [270, false, { x: 3, y: 35 }, { x: 0, y: 0 }],
    [0, true, { x: 30, y: 6 }, { x: 0, y: 0 }],
    [90, true, { x: 3, y: 5 }, { x: 0, y: -10 }],
  ] as const)('are where the turn by %i° and a flip (%s) bring their pixels', (rotation, isFlipped, pixel, corner) => {
    const upright = rotation % 180 === 0;
    const size = upright ? { columns: 80, rows: 40 } : { columns: 40, rows: 80 }; // twice as large
    const place = placing({ graphics: [], shown, specified }, { rotation, flips: isFlipped ? ['horizontal'] : [] }, size);
    const on = (point: ReturnType<typeof place>) => ({ x: point.x / 2, y: point.y / 2 });
    const at = upright ? { x: 10, y: 10 } : { x: 5, y: 7 };
    expect(on(place(at, 'PIXEL'))).toEqual(pixel);
    expect(on(place({ x: 0, y: 0 }, 'DISPLAY'))).toEqual(corner);
    const far = upright ? { x: corner.x + 50, y: 20 } : { x: 20, y: corner.y + 50 };
    expect(on(place({ x: 1, y: 1 }, 'DISPLAY'))).toEqual(far);
  });

  it('write text from the corner called upper left, however the image is turned, and never mirrored (PS3.3 C.10.5.1.1)', async () => {
    const upright = ['#....', '#....', '#....', '#....', '#....', '#....', '#####'];
    const [low, high] = [
      { x: 5, y: 5 },
      { x: 35, y: 35 },
    ];
    expect(await picture([text(low, high)])).toEqual(upright);
    expect(await picture([text(high, low)], 180)).toEqual(upright);
    expect(await picture([text({ x: 5, y: 35 }, { x: 35, y: 5 })], 90)).toEqual(upright);
    expect(await picture([text(low, high)], 90)).toEqual(['#######', '#......', '#......', '#......', '#......']);
  });

  it('move text that would run out of the picture, and leave out what is wholly beside it', async () => {
    expect(await picture([text({ x: 38, y: 38 }, { x: 60, y: 60 })])).toHaveLength(7);
    expect(await picture([text({ x: 50, y: 50 }, { x: 60, y: 60 })])).toEqual([]);
  });

  it('survive coordinates from nowhere, and letters that mean something in SVG', async () => {
    const points = [-1e30, 1e30, 5].map((x) => ({ x, y: -x }));
    const shape = { kind: 'shape', isFilled: true, units: 'PIXEL', points: [...points, ...points], colour: WHITE } as const;
    for (const type of ['POINT', 'POLYLINE', 'INTERPOLATED', 'CIRCLE', 'ELLIPSE'] as const) await picture([{ ...shape, type }]);
    const hostile = { ...text({ x: 5, y: 5 }, { x: 35, y: 35 }), lines: ['</svg>&"'] };
    const whole = { left: 0, top: 0, width: 40, height: 40 };
    const svg = graphicsSvg({ graphics: [hostile], shown: whole, specified: whole }, {}, { rows: 40, columns: 40, channels: 1 });
    expect(svg.indexOf('</svg>')).toBe(svg.length - 6);
  });
});
