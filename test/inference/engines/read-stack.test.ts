import { describe, expect, it } from '@jest/globals';
import type { StackFrame } from '../../../src/inference/engines/engine-messages.js';
import type { FrameStack } from '../../../src/inference/engines/job-queue.js';
import { ImageUnpreparable } from '../../../src/inference/preparation/faults.js';
import { HounsfieldImplausible } from '../../../src/inference/preparation/volume/faults.js';
import { aModelsFolder, aCard, anEvenImage, meanOfAll, onnxBytes, writeModel } from '../tiny-models.js';
import { aStack, evenly, geometryOf } from '../preparation/volume/a-stack.js';
import { enginePids, withEngine } from './an-engine.js';

const { input } = aCard();
const volume = {
  minimumSlices: 2,
  size: [3, 8, 8],
  orientation: 'as-acquired',
  unit: 'HU',
  windows: [{ windowCenter: 0, windowWidth: 2000 }],
  normalisation: 'none',
  outside: -1000,
  grid: 'first',
} as const;
const interval = { unit: 'frames', value: 1 } as const;
const clip = { frames: 2, interval, rows: 8, columns: 8, channels: 1, normalisation: 'none', regions: 'tissue' } as const;

function aFolder(): string {
  const folder = aModelsFolder();
  writeModel(folder, onnxBytes(meanOfAll, ['N', 1, 3, 8, 8]), { name: 'volume', input: { ...input, volume } });
  writeModel(folder, onnxBytes(meanOfAll, ['N', 2, 1, 8, 8]), { name: 'clip', input: { ...input, clip } });
  const sequences = [{ name: 'T1' }, { name: 'T2' }] as const;
  const mr = { ...volume, unit: 'any', windows: [], normalisation: 'min_max' } as const;
  writeModel(folder, onnxBytes(meanOfAll, ['N', 2, 3, 8, 8]), { name: 'sequences', input: { ...input, volume: mr, sequences } });
  return folder;
}

const hounsfield = { modality: { kind: 'rescale', rescaleSlope: 1, rescaleIntercept: -1024 } } as const;
const { slices: _, ...placement } = geometryOf(aStack(evenly(3, 2), { rows: 8, columns: 8, pixelSpacing: [1, 1] }));
const aVolume = (frames: () => AsyncIterable<StackFrame>, rescaleType: string | undefined = 'HU'): FrameStack => ({
  stack: { kind: 'volume', volumes: [{ placement, rescaleType }] },
  frames,
});
async function* slicesOf(...stored: readonly number[]): AsyncGenerator<StackFrame> {
  for (const [slice, value] of stored.entries()) yield { volume: 0, slice, image: anEvenImage(value, hounsfield) };
}

describe('An engine that reads a stack of frames', () => {
  it('gathers a volume slice by slice, in any order, and runs the model on it', async () => {
    await withEngine(aFolder(), {}, async (engine, { volume: model }) => {
      async function* frames() {
        for (const slice of [2, 0, 1]) yield { volume: 0, slice, image: anEvenImage([24, 1024, 2024][slice], hounsfield) }; // −1000, 0, 1000 HU
      }
      const { outputs, warnings, quality } = await engine.runStack(model, aVolume(frames));
      expect(outputs.logits[0]).toBeCloseTo(0.25 - 2 * 0.5, 5); // 0, 0.5 and 1 through the window
      expect(warnings).toEqual([]);
      expect(quality.brightness).toBeCloseTo(0.5, 5); // of the slice in the middle
    });
  });

  it('gathers the volumes of several sequences, each normalised by itself', async () => {
    await withEngine(aFolder(), {}, async (engine, { sequences: model }) => {
      async function* frames() {
        for (const slice of [0, 1, 2]) yield { volume: 1, slice, image: anEvenImage(slice * 100) }; // 0, 0.5, 1
        for (const slice of [0, 1, 2]) yield { volume: 0, slice, image: anEvenImage([4, 4, 1004][slice]) }; // 0, 0, 1
      }
      const { outputs } = await engine.runStack(model, {
        stack: { kind: 'volume', volumes: [1, 2].map(() => ({ placement, rescaleType: undefined })) },
        frames,
      });
      expect(outputs.logits[0]).toBeCloseTo(0.25 - 2 * ((1 / 3 + 1 / 2) / 2), 5);
    });
  });

  it('says of values that are no Hounsfield units what they are not', async () => {
    await withEngine(aFolder(), {}, async (engine, { volume: model }) => {
      const { warnings } = await engine.runStack(
        model,
        aVolume(() => slicesOf(1024, 1100, 1200)),
      );
      expect(warnings).toMatchObject([{ code: 'hounsfield-implausible' }]);
      const untold = {
        ...aVolume(() => slicesOf(1024, 1100, 1200)),
        stack: { kind: 'volume', volumes: [{ placement, rescaleType: undefined }] },
      } as const;
      await expect(engine.runStack(model, untold)).rejects.toThrow(HounsfieldImplausible);
    });
  });

  it('refuses a stack that lacks a slice, or whose slices do not fit, and goes on', async () => {
    await withEngine(aFolder(), {}, async (engine, { volume: model, clip: other }) => {
      await expect(
        engine.runStack(
          model,
          aVolume(() => slicesOf(24, 1024)),
        ),
      ).rejects.toThrow('A slice of the volume is missing.');
      const wide = { ...placement, columns: 9 };
      const unlike: FrameStack = {
        stack: { kind: 'volume', volumes: [{ placement: wide, rescaleType: 'HU' }] },
        frames: () => slicesOf(24, 24, 24),
      };
      await expect(engine.runStack(model, unlike)).rejects.toThrow(ImageUnpreparable);
      await expect(
        engine.runStack(
          other,
          aVolume(() => slicesOf(24, 24, 24)),
        ),
      ).rejects.toThrow('reads no such stack');
      const huge = { ...placement, rows: 60_000, columns: 60_000 };
      await expect(
        engine.runStack(model, { stack: { kind: 'volume', volumes: [{ placement: huge, rescaleType: 'HU' }] }, frames: () => slicesOf() }),
      ).rejects.toThrow('more than 134217728 voxels');
      expect(
        (
          await engine.runStack(
            model,
            aVolume(() => slicesOf(24, 1024, 2024)),
          )
        ).outputs.logits[0],
      ).toBeCloseTo(-0.75, 5);
    });
  });

  it('gives the fault of a frame that could not be had, and keeps its process', async () => {
    await withEngine(aFolder(), {}, async (engine, { volume: model }) => {
      const before = enginePids();
      async function* broken() {
        yield* slicesOf(24);
        throw new ImageUnpreparable('corrupt');
      }
      await expect(engine.runStack(model, aVolume(broken))).rejects.toThrow('corrupt');
      expect(enginePids()).toEqual(before);
      expect(engine.state().running).toBe(0);
    });
  });

  it('runs a model on a clip, masked', async () => {
    await withEngine(aFolder(), {}, async (engine, { clip: model }) => {
      const region = { spatialFormat: 1, dataType: 1, x0: 0, y0: 0, x1: 7, y1: 3, referencePixel: undefined, mmPerPixel: undefined };
      const frames = () => slicesOf(0, 4000);
      const { outputs } = await engine.runStack(model, { stack: { kind: 'clip', regions: [region] }, frames });
      expect(outputs.logits[0]).toBeCloseTo(0.25 - 2 * 0.25, 5); // one of two frames white, half of it masked
    });
  });
});
