import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { aChestXray, bytesRamp, type TestInstance } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, WindowCenter: 128, WindowWidth: 256 };
/** 8 rows of 10: each value is its place. */
const ramp = aChestXray(EIGHT_BITS, { pixelData: Buffer.from(Array.from({ length: 80 }, (_, i) => i)) });
const cine = aChestXray({ ...EIGHT_BITS, NumberOfFrames: 3, FrameTime: 40 }, { pixelData: bytesRamp(240) });
const report = aChestXray({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.11', Modality: 'SR' }, { pixelData: null });

/** Grey turned over, window 20 … 30, the upper left 4 × 2 pixels, turned by a quarter. */
const state = aChestXray(
  {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.11.1',
    Modality: 'PR',
    StudyInstanceUID: ramp.studyInstanceUID,
    ReferencedSeriesSequence: [
      {
        '0020000E': { vr: 'UI', Value: [ramp.seriesInstanceUID] },
        '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: [ramp.sopInstanceUID] } }] },
      },
    ],
    SoftcopyVOILUTSequence: [
      {
        '00281050': { vr: 'DS', Value: [5] },
        '00281051': { vr: 'DS', Value: [10] },
        '00281056': { vr: 'CS', Value: ['LINEAR_EXACT'] },
      },
    ],
    DisplayedAreaSelectionSequence: [{ '00700052': { vr: 'SL', Value: [1, 1] }, '00700053': { vr: 'SL', Value: [4, 2] } }],
    ImageRotation: 90,
    ImageHorizontalFlip: 'N',
    PresentationLUTShape: 'INVERSE',
  },
  { pixelData: null },
);

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...[ramp, cine, report, state].map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances to show were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const get = (path: string, accept?: string): Promise<Response> => wetread.fetch(path, accept === undefined ? {} : { headers: { accept } });
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());
const codeOf = async (answer: Response): Promise<unknown[]> => [answer.status, ((await answer.json()) as { code: string }).code];
const studyOf = ({ path }: TestInstance): string => path.replace(/\/series\/.*$/, '');
const seriesOf = ({ path }: TestInstance): string => path.replace(/\/instances\/.*$/, '');

/** Grey values of a PNG, row by row. */
async function greyOf(answer: Response): Promise<{ grey: number[]; size: number[] }> {
  const { data, info } = await sharp(await bytesOf(answer))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { grey: Array.from({ length: info.width * info.height }, (_, i) => data[i * info.channels]), size: [info.width, info.height] };
}
const png = async (query: string, instance = ramp) => greyOf(await get(`${instance.path}/rendered${query}`, 'image/png'));
const place = (row: number, column: number): number => row * 10 + column;

describe('An image of very many frames', () => {
  /** A few megabytes: each frame has one sample. */
  const dust = aChestXray({ ...EIGHT_BITS, Rows: 1, Columns: 1, NumberOfFrames: 2_000_000 }, { pixelData: Buffer.alloc(2_000_000, 7) });
  beforeAll(async () => expect((await wetread.store(dust.bytes)).status).toBe(200));

  it.each([dust.path, seriesOf(dust), studyOf(dust)])(
    'comes frame by frame, as long as it is wanted: the server goes on meanwhile (%#)',
    async (path) => {
      const gone = new AbortController();
      const answer = await wetread.fetch(`${path}/rendered`, {
        headers: { accept: 'multipart/related; type="image/png"' },
        signal: gone.signal,
      });
      expect(answer.status).toBe(200);
      const reader = answer.body?.getReader();
      expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
      gone.abort();
      expect((await get('/health/live')).status).toBe(200);
    },
  );

  it('is no animation', async () => {
    expect(await codeOf(await get(`${dust.path}/rendered`, 'image/gif'))).toEqual([406, 'unsupported-pixels']);
  });
});

describe('Rendered images (PS3.18 8.3.5)', () => {
  it('of a list of frames of which one is not there are none', async () => {
    for (const frames of ['1,4', '4', '1,99,2'])
      expect((await get(`${cine.path}/frames/${frames}/rendered`, 'multipart/related; type="image/png"')).status).toBe(404);
  });

  it('of more pixels than any display has are refused', async () => {
    expect(await codeOf(await get(`${ramp.path}/rendered?viewport=16384,16384&annotation=patient`))).toEqual([
      400,
      'bad-rendering-parameter',
    ]);
    expect((await get(`${ramp.path}/rendered?viewport=5120,4096`, 'image/jpeg')).status).toBe(200);
  });

  it.each([
    ['image/jpeg', 'jpeg'],
    ['image/png', 'png'],
    ['image/gif', 'gif'],
    ['image/webp', 'webp'],
  ] as const)('come as %s', async (accept, format) => {
    const answer = await get(`${ramp.path}/rendered`, accept);
    expect(answer.headers.get('content-type')).toBe(accept);
    expect((await sharp(await bytesOf(answer)).metadata()).format).toBe(format);
  });

  it('come as a JP2 file, lossless', async () => {
    const answer = await get(`${ramp.path}/rendered`, 'image/jp2');
    expect(answer.headers.get('content-type')).toBe('image/jp2');
    const bytes = await bytesOf(answer);
    expect(bytes.subarray(4, 8).toString('latin1')).toBe('jP  ');
    expect(bytes.includes(Buffer.from('ff4fff51', 'hex'))).toBe(true); // a codestream begins
  });

  it('show the window asked for in place of their own', async () => {
    const { grey } = await png('?window=40,20,linear-exact'); // 30 … 50 becomes 0 … 255
    expect([grey[30], grey[40], grey[50], grey[79]]).toEqual([0, 128, 255, 255]);
    expect((await png('?window=40,20,sigmoid')).grey[40]).toBe(128);
  });

  it('show the part asked for, and mirror it for a negative width or height (8.3.5.1.3)', async () => {
    const whole = { grey: Array.from({ length: 6 }, (_, i) => place(2 + Math.floor(i / 3), 4 + (i % 3))), size: [3, 2] };
    expect(await png('?viewport=3,2,4,2,3,2')).toEqual(whole);
    expect((await png('?viewport=3,2,4,2,-3,2')).grey).toEqual([26, 25, 24, 36, 35, 34]);
    expect((await png('?viewport=3,2,4,2,3,-2')).grey).toEqual([34, 35, 36, 24, 25, 26]);
    expect((await png('?viewport=5,4,5,4,,')).grey[0]).toBe(place(4, 5)); // to the right and lower edge
    expect(await codeOf(await get(`${ramp.path}/rendered?viewport=3,2,8,2,3,2`))).toEqual([400, 'region-outside']);
  });

  it('are the same whether the whole image is named as the region or none is', async () => {
    const shown = async (viewport: string) => bytesOf(await get(`${ramp.path}/rendered?viewport=${viewport}`, 'image/png'));
    expect((await shown('3,3,0,0,10,8')).equals(await shown('3,3'))).toBe(true);
  });

  it('fit into the viewport without being bent', async () => {
    expect((await png('?viewport=5,100')).size).toEqual([5, 4]);
    expect((await png('?viewport=100,16')).size).toEqual([20, 16]);
  });

  it('say who and how only where they are asked to (8.3.5.1.1)', async () => {
    const large = '&viewport=400,320';
    const [plain, patient, technique] = await Promise.all(
      ['?quality=90', '?annotation=patient', '?annotation=technique'].map(async (query) => (await png(query + large)).grey),
    );
    const differs = (other: number[]) => other.filter((value, i) => value !== plain[i]).length;
    expect(differs(patient)).toBeGreaterThan(100);
    expect(differs(technique)).toBeGreaterThan(100);
    expect(patient).not.toEqual(technique);
  });

  it('carry an ICC profile only where one is asked for (8.3.5.1.5)', async () => {
    const profile = async (query: string) => (await sharp(await bytesOf(await get(`${ramp.path}/rendered${query}`))).metadata()).icc;
    expect(await profile('')).toBeUndefined();
    expect(await profile('?iccprofile=no')).toBeUndefined();
    for (const name of ['yes', 'srgb', 'displayp3']) expect((await profile(`?iccprofile=${name}`))?.length).toBeGreaterThan(100);
  });

  it.each(
    ['quality=0', 'quality=101', 'quality=x', 'window=40,400', 'window=40,0.5,linear', 'window=40,400,cubic', 'viewport=0,9'].concat([
      'viewport=9',
      'viewport=9,9,1,1,1,1,1',
      'viewport=99999,9',
      'annotation=name',
      'iccprofile=adobergb',
      'quality=1&quality=2',
    ]),
  )('are refused for %s', async (query) => {
    expect(await codeOf(await get(`${ramp.path}/rendered?${query}`))).toEqual([400, 'bad-rendering-parameter']);
  });

  it('pass over parameters that are none of theirs', async () => {
    expect((await get(`${ramp.path}/rendered?colour=red`)).status).toBe(200);
  });

  it('of many frames are an animation at their own pace, a part for each, or the first', async () => {
    const animation = await bytesOf(await get(`${cine.path}/rendered`, 'image/gif'));
    expect(await sharp(animation, { animated: true }).metadata()).toMatchObject({ pages: 3, delay: [40, 40, 40] });
    const parts = await partsOf(await get(`${cine.path}/rendered`, 'multipart/related; type="image/png"'));
    expect(parts.map(({ headers }) => headers['content-location'].replace(/.*instances\/[0-9.]+/, ''))).toEqual(
      [1, 2, 3].map((n) => `/frames/${n}/rendered`),
    );
    expect((await png('', cine)).grey).toEqual((await greyOf(await get(`${cine.path}/frames/1/rendered`, 'image/png'))).grey);
    const some = await partsOf(await get(`${cine.path}/frames/3,1/rendered`));
    expect(some.map(({ headers }) => headers['content-type'])).toEqual(['image/jpeg', 'image/jpeg']);
  });

  it('of a study and a series are parts; what cannot be shown is left out', async () => {
    const one = await get(`${studyOf(ramp)}/rendered`);
    expect((await partsOf(one)).map(({ headers }) => headers['content-type'])).toEqual(['image/jpeg']);
    expect((await get(`${seriesOf(ramp)}/rendered`, 'image/jpeg')).headers.get('content-type')).toBe('image/jpeg'); // there is but one
    expect(await codeOf(await get(`${studyOf(cine)}/rendered`, 'image/jpeg'))).toEqual([406, 'not-acceptable']);
    expect(await codeOf(await get(`${studyOf(report)}/rendered`))).toEqual([406, 'no-pixel-data']);
    expect(await codeOf(await get('/dicom-web/studies/1.2.3/rendered'))).toEqual([404, 'not-in-archive']);
  });

  it('are validated by their ETag: the same request, the same bytes', async () => {
    const first = await get(`${ramp.path}/rendered?quality=70`);
    const etag = first.headers.get('etag') ?? '';
    const again = await get(`${ramp.path}/rendered?quality=70`);
    expect(await bytesOf(again)).toEqual(await bytesOf(first));
    const unchanged = await wetread.fetch(`${ramp.path}/rendered?quality=70`, { headers: { 'if-none-match': etag } });
    expect(unchanged.status).toBe(304);
    expect((await get(`${ramp.path}/rendered?quality=71`)).headers.get('etag')).not.toBe(etag);
  });
});

describe('Rendered presentation states (PS3.18 10.4.1.1.3)', () => {
  it('show their image through their window, area, rotation and shape', async () => {
    const { grey, size } = await png('', state);
    expect(size).toEqual([2, 4]);
    const inverse = (value: number) => 255 - Uint8ClampedArray.of(((value - 5) / 10 + 0.5) * 255)[0];
    // A quarter clockwise: what was the lower row is the left column.
    expect(grey).toEqual(
      [place(1, 0), place(0, 0), place(1, 1), place(0, 1), place(1, 2), place(0, 2), place(1, 3), place(0, 3)].map(inverse),
    );
  });

  it('fit into a viewport, and have no region but their own', async () => {
    expect((await png('?viewport=20,20', state)).size).toEqual([10, 20]);
    expect((await get(`${state.path}/rendered?viewport=20,20,1,1,2,2`)).status).toBe(400);
  });
});

const VIDEO = new URL('../../../../shared/dicom/synthetic/video-mpeg4-25frames.dcm', import.meta.url);
if (!existsSync(VIDEO)) console.warn('../shared is absent: the test of rendered video is skipped');

(existsSync(VIDEO) ? describe : describe.skip)('Rendered video', () => {
  it('is the stored stream under the name of what it is, also by ranges; a frame of it is refused', async () => {
    const { stored } = await wetread.store(readFileSync(VIDEO));
    const path = new URL(stored[0].retrieveUrl).pathname;
    const answer = await get(`${path}/rendered`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    const bytes = await bytesOf(answer);
    expect(readFileSync(VIDEO).includes(bytes.subarray(0, 1000))).toBe(true);
    const part = await wetread.fetch(`${path}/rendered`, { headers: { range: 'bytes=4-7' } });
    expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
    expect(await codeOf(await get(`${path}/rendered`, 'image/jpeg'))).toEqual([406, 'not-acceptable']);
    expect(await codeOf(await get(`${path}/thumbnail`))).toEqual([406, 'unsupported-pixels']);
  });
});

describe('Thumbnails (PS3.18 10.4.1.1.4)', () => {
  it('are small JPEGs of a study, series, instance or frame', async () => {
    for (const path of [studyOf(cine), seriesOf(cine), cine.path, `${cine.path}/frames/2`]) {
      const answer = await get(`${path}/thumbnail`);
      expect(answer.headers.get('content-type')).toBe('image/jpeg');
      const { width, height } = await sharp(await bytesOf(answer)).metadata();
      expect(Math.max(width, height)).toBe(128);
    }
  });

  it('take another size, and nothing else of a viewport', async () => {
    const { width, height } = await sharp(await bytesOf(await get(`${ramp.path}/thumbnail?viewport=64,64`))).metadata();
    expect([width, height]).toEqual([64, 51]);
    expect(await codeOf(await get(`${ramp.path}/thumbnail?viewport=64,64,1,1,2,2`))).toEqual([400, 'bad-rendering-parameter']);
  });

  it('are refused where there is no image', async () => {
    expect(await codeOf(await get(`${studyOf(report)}/thumbnail`))).toEqual([406, 'no-pixel-data']);
    expect(await codeOf(await get(`${report.path}/thumbnail`))).toEqual([406, 'no-pixel-data']);
  });
});
