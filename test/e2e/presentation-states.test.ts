import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aState, AS_IT_IS, cs, ds, greyOf, reference, sl, sq, ui, us } from './a-presentation-state.js';
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

describe('A VOI LUT of a presentation state (PS3.3 C.11.8)', () => {
  /** Turns black to white. */
  const inverting = Buffer.alloc(2_048);
  for (let value = 0; value < 1_024; value++) inverting.writeUInt16LE((255 - Math.min(value, 255)) * 257, 2 * value);

  it('is applied however long it is, as short as it is', async () => {
    for (const entries of [256, 1_024]) {
      const data = inverting.subarray(0, 2 * entries);
      const lut = { '00283002': us(entries, 0, 16), '00283006': { vr: 'OW', InlineBinary: data.toString('base64') } };
      const [first] = await framesThrough(aState(cine, { SoftcopyVOILUTSequence: [{ '00283010': sq(lut) }] }));
      expect([entries, first.grey[50], first.grey[0]]).toEqual([entries, 205, 255]);
    }
  });
});

describe('A Presentation LUT that is a table (PS3.3 C.11.6)', () => {
  const table = (bits: number, outputs: readonly number[]) => ({
    SoftcopyVOILUTSequence: [AS_IT_IS],
    PresentationLUTShape: null,
    PresentationLUTSequence: [{ '00283002': us(outputs.length, 0, bits), '00283006': us(...outputs) }],
  });

  it('is applied behind the VOI LUT, all of whose range goes through it', async () => {
    const squared = Array.from({ length: 256 }, (_, input) => Math.round((input * input) / 255));
    const coarse = Array.from({ length: 6 }, (_, input) => input * 13_107); // 16 bits
    const [first] = await framesThrough(aState(cine, table(8, squared)));
    expect([10, 50, 79].map((place) => first.grey[place])).toEqual([10, 50, 79].map((value) => squared[value]));
    const [steps] = await framesThrough(aState(cine, table(16, coarse)));
    expect([0, 25, 26, 76, 77].map((place) => steps.grey[place])).toEqual([0, 0, 51, 51, 102]);
  });

  it('is said by the status where it has fewer entries than it says (422)', async () => {
    const short = table(8, [0, 1, 2]);
    short.PresentationLUTSequence[0]['00283002'] = us(256, 0, 8);
    const state = aState(cine, short);
    await stored(state);
    expect((await wetread.fetch(`${state.path}/rendered`)).status).toBe(422);
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
