import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StorageAway } from '../../src/archive/faults.js';
import { CorruptFrame } from '../../src/pixels/faults.js';
import { aHeader, aRow, imagesOf } from './a-readable-image.js';
import { withEngine } from './engines/an-engine.js';
import { aModelsFolder, meanGraph, onnxBytes, SIDE, writeModel } from './tiny-models.js';

function aFolder(): string {
  const folder = aModelsFolder();
  writeModel(folder, onnxBytes(meanGraph), { name: 'tiny' });
  return folder;
}

describe('One image and one model', () => {
  it('is read, with the hash of the very tensor that the model was given', async () => {
    await withEngine(aFolder(), {}, async (engine, { tiny }) => {
      const read = await imagesOf(engine, () => 800).read(tiny, aRow(1), aHeader());
      const tensor = new Float32Array(SIDE * SIDE).map((_, i) => (i < (SIDE * SIDE) / 2 ? 0 : 0.8));
      expect(read).toMatchObject({
        state: 'read',
        reading: {
          sopInstanceUID: '2.25.1',
          frameNumber: 1,
          provider: 'cpu',
          inputSha256: createHash('sha256').update(tensor).digest('hex'),
        },
      });
      expect(read.state === 'read' && read.reading.logits[1]).toBeCloseTo(3 * 0.4 - 0.5, 5);
      // Nothing of earlier images goes in, and nothing of this one stays: the sharpness history is ordinary readings' own.
      expect(read.state === 'read' && 'sharpnessAgainstHistory' in read.reading.quality).toBe(false);
      expect(readFileSync(fileURLToPath(new URL('../../src/inference/read-image.js', import.meta.url)), 'utf8')).not.toMatch(
        /from '[^']*(sql|database|reporting|sharpness)[^']*'/,
      );
    });
  });

  it('is not read where the card does not take it, and is not decoded for that', async () => {
    await withEngine(aFolder(), {}, async (engine, { tiny }) => {
      const images = imagesOf(engine, () => new CorruptFrame('nobody should have looked'));
      const header = aHeader({ '00180015': 'HAND' });
      expect(await images.read(tiny, aRow(1, header), header)).toMatchObject({ state: 'not-read', why: { code: 'body-part' } });
    });
  });

  it('fails by a fault of its own, and only by that: what belongs to the server is thrown', async () => {
    await withEngine(aFolder(), {}, async (engine, { tiny }) => {
      const images = imagesOf(engine, (row) => (row === 1 ? new CorruptFrame('cut off') : new StorageAway()));
      expect(await images.read(tiny, aRow(1), aHeader())).toMatchObject({ state: 'failed', why: { code: 'corrupt-frame' } });
      await expect(images.read(tiny, aRow(2), aHeader())).rejects.toMatchObject({ code: 'storage-away' });
      await engine.close();
      await expect(imagesOf(engine, () => 5).read(tiny, aRow(3), aHeader())).rejects.toMatchObject({ code: 'engine-closed' });
    });
  });

  it('is no case for a model that reads series', async () => {
    await withEngine(aFolder(), {}, async (engine, { tiny }) => {
      const model = { ...tiny, card: { ...tiny.card, input: { ...tiny.card.input, volume: {} as never } } };
      await expect(imagesOf(engine, () => 5).read(model, aRow(1), aHeader())).rejects.toMatchObject({
        code: 'model-reads-series',
        status: 422,
      });
    });
  });
});
