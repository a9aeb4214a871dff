import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DicomJson } from '../../../../src/dicom/dicom-json.js';
import { chooseFrames } from '../../../../src/inference/preparation/ultrasound/choose-frames.js';
import { clipClock } from '../../../../src/inference/preparation/ultrasound/clip-clock.js';
import { onCorpus } from '../../../dicom/corpus.js';
import { datasetOf } from '../volume/corpus-series.js';

const FRAME_TIME: DicomJson = { '00181063': { vr: 'DS', Value: [40] } };
const FRAME_TIME_VECTOR: DicomJson = { '00181065': { vr: 'DS', Value: [0, 20, 20, 40] } };
const CINE_RATE: DicomJson = { '00180040': { vr: 'IS', Value: [10] } };
const RECOMMENDED: DicomJson = { '00082144': { vr: 'IS', Value: [5] } };
const points = (at: string): DicomJson => ({ '00280009': { vr: 'AT', Value: [at] } });

describe('The clock of a clip (PS3.3 C.7.6.5)', () => {
  it.each<[string, DicomJson, string | undefined, number | undefined]>([
    ['the vector before the rates', { ...FRAME_TIME_VECTOR, ...CINE_RATE, ...RECOMMENDED }, 'FrameTimeVector', 37.5],
    ['the time before the rates', { ...FRAME_TIME, ...CINE_RATE, ...RECOMMENDED }, 'FrameTime', 25],
    ['the one that Frame Increment Pointer names', { ...FRAME_TIME, ...FRAME_TIME_VECTOR, ...points('00181063') }, 'FrameTime', 25],
    ['the vector where it names that', { ...FRAME_TIME, ...FRAME_TIME_VECTOR, ...points('00181065') }, 'FrameTimeVector', 37.5],
    ['how it was taken before how it is to be shown', { ...CINE_RATE, ...RECOMMENDED }, 'CineRate', 10],
    ['the recommended rate where nothing else is there', RECOMMENDED, 'RecommendedDisplayFrameRate', 5],
    ['not a vector of another length', { '00181065': { vr: 'DS', Value: [0, 20] }, ...CINE_RATE }, 'CineRate', 10],
    ['not a rate of 0', { '00180040': { vr: 'IS', Value: [0] } }, undefined, undefined],
    ['nothing', {}, undefined, undefined],
  ])('is %s', (_, dataset, by, frameRate) => {
    const clock = clipClock(dataset, 4);
    expect(clock?.by).toBe(by);
    if (frameRate !== undefined) expect(clock?.frameRate).toBeCloseTo(frameRate, 6);
  });

  it('gives the seconds of each frame, uneven ones too', () => {
    expect([...(clipClock(FRAME_TIME_VECTOR, 4)?.times ?? [])]).toEqual([0, 0.02, 0.04, 0.08]);
  });

  onCorpus.each([
    ['demo/us-cine/2e1a1cea.dcm', 10, 'FrameTimeVector', 25],
    ['sop/us-palette-rle-10frames.dcm', 10, 'FrameTime', 1000 / 76],
    ['ts/jpegxl-us-27frames.dcm', 27, 'FrameTime', 1000 / 47.4359],
    ['pydicom/examples_ybr_color.dcm', 30, 'FrameTime', 1000 / 33.333],
  ] as const)('of a real clip: %s', async (path, frames, by, frameRate) => {
    const clock = clipClock(await datasetOf(path), frames);
    expect(clock?.by).toBe(by);
    expect(clock?.frameRate).toBeCloseTo(frameRate, 6);
  });
});

const at25 = (frames: number) => clipClock(FRAME_TIME, frames);
const every = (value: number, unit: 'seconds' | 'frames' = 'seconds') => ({ unit, value });

describe('The frames that a model takes of a clip', () => {
  it('are evenly spaced in time, in the middle of the clip', () => {
    expect(chooseFrames({ frames: 4, interval: every(0.08) }, at25(11), 11)).toEqual({ reads: true, frames: [3, 5, 7, 9] });
    expect(chooseFrames({ frames: 5, interval: every(0.04) }, at25(5), 5)).toEqual({ reads: true, frames: [1, 2, 3, 4, 5] });
  });

  it('are every n-th, where the card counts in frames', () => {
    expect(chooseFrames({ frames: 3, interval: every(4, 'frames') }, undefined, 12)).toEqual({ reads: true, frames: [2, 6, 10] });
    expect(chooseFrames({ frames: 3, interval: every(4, 'frames') }, undefined, 8)).toMatchObject({
      why: { code: 'clip-too-short', text: "the clip has 8 frames, fewer than the model's 9" },
    });
  });

  it('are not read where the clip is too slow, too short, or nobody says how fast it is', () => {
    expect(chooseFrames({ frames: 4, interval: every(0.02) }, at25(40), 40)).toMatchObject({
      why: { code: 'frame-rate-too-low', text: "25 frames a second are fewer than the model's 50" },
    });
    expect(chooseFrames({ frames: 16, interval: every(0.04) }, at25(10), 10)).toMatchObject({
      why: { code: 'clip-too-short', text: "the clip is 0.4 s long, shorter than the model's 0.64 s" },
    });
    expect(chooseFrames({ frames: 2, interval: every(0.04) }, undefined, 10)).toMatchObject({ why: { code: 'frame-rate-absent' } });
  });

  it('are there, each once, in order, and as near to their times as the clip allows', () => {
    const steps = fc.array(fc.double({ min: 20, max: 60, noNaN: true }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0.02, max: 0.4, noNaN: true }),
        (increments, frames, seconds) => {
          const clock = clipClock({ '00181065': { vr: 'DS', Value: [0, ...increments] } }, increments.length + 1);
          const verdict = chooseFrames({ frames, interval: every(seconds) }, clock, increments.length + 1);
          if (!verdict.reads) return;
          expect(verdict.frames).toHaveLength(frames);
          expect(new Set(verdict.frames).size).toBe(frames);
          expect([...verdict.frames].sort((a, b) => a - b)).toEqual(verdict.frames);
          expect(verdict.frames[0]).toBeGreaterThanOrEqual(1);
          expect(verdict.frames[frames - 1]).toBeLessThanOrEqual(increments.length + 1);
        },
      ),
    );
  });
});
