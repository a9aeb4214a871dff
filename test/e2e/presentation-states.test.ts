import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aState, AS_IT_IS, cs, ds, greyOf, reference, sl, sq, ui } from './a-presentation-state.js';
import { aChestXray, type TestInstance } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, WindowCenter: 128, WindowWidth: 256 };
/** 3 frames of 8 rows of 10: each value is its place, the same in every frame. */
const cine = aChestXray({ ...EIGHT_BITS, NumberOfFrames: 3 }, { pixelData: Buffer.from(Array.from({ length: 240 }, (_, i) => i % 80)) });

/** A window that turns all black. */
const ALL_BLACK = { '00281050': ds(200), '00281051': ds(2), '00281056': cs('LINEAR_EXACT') };

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  await stored(cine);
});
afterAll(() => wetread.remove());

async function stored(...instances: TestInstance[]): Promise<void> {
  const { status } = await wetread.store(...instances.map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances to show were not stored: ${status}`);
}

/** Every frame that a state shows. */
async function framesThrough(state: TestInstance) {
  await stored(state);
  const accept = 'multipart/related; type="image/png"';
  const parts = await partsOf(await wetread.fetch(`${state.path}/rendered`, { headers: { accept } }));
  return Promise.all(parts.map(({ bytes }) => greyOf(bytes)));
}

describe('Items of a presentation state that name frames (PS3.3 table 10-3)', () => {
  it('window those frames only', async () => {
    const windows = [
      { '00081140': reference(cine, 2), ...ALL_BLACK },
      { '00081140': reference(cine, 1, 3), ...AS_IT_IS },
    ];
    const [first, second, third] = await framesThrough(aState(cine, { SoftcopyVOILUTSequence: windows }));
    expect([first.grey[50], second.grey[50], third.grey[50]]).toEqual([50, 0, 50]);
  });

  it('choose the displayed area of those frames only', async () => {
    const area = (right: number, bottom: number) => ({ '00700052': sl(1, 1), '00700053': sl(right, bottom) });
    const areas = [
      { '00081140': reference(cine, 3), ...area(4, 2) },
      { '00081140': reference(cine, 2), ...area(3, 3) },
      { '00081140': reference(cine), ...area(5, 5) },
    ];
    const shown = await framesThrough(aState(cine, { DisplayedAreaSelectionSequence: areas }));
    expect(shown.map(({ size }) => size)).toEqual([
      [5, 5],
      [3, 3],
      [4, 2],
    ]);
  });
});

describe('A presentation state of very many frames', () => {
  it('comes frame by frame, as long as it is wanted, however often it names the image', async () => {
    const dust = aChestXray({ ...EIGHT_BITS, Rows: 1, Columns: 1, NumberOfFrames: 2_000_000 }, { pixelData: Buffer.alloc(2_000_000, 7) });
    const named = sq(...Array.from({ length: 40 }, () => ({ '00081155': ui(dust.sopInstanceUID) })));
    const state = aState(dust, { ReferencedSeriesSequence: [{ '0020000E': ui(dust.seriesInstanceUID), '00081140': named }] });
    await stored(dust, state);
    const gone = new AbortController();
    const headers = { accept: 'multipart/related; type="image/png"' };
    const answer = await wetread.fetch(`${state.path}/rendered`, { headers, signal: gone.signal });
    expect(answer.status).toBe(200);
    expect((await answer.body?.getReader().read())?.value?.length).toBeGreaterThan(0);
    gone.abort();
    expect((await wetread.fetch(`${state.path}/rendered`, { headers: { accept: 'image/png' } })).status).toBe(200);
  });
});
