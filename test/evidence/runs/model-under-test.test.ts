import { describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { modelUnderTest } from '../../../src/evidence/runs/model-under-test.js';
import { loadModels, type LoadedModel } from '../../../src/inference/registry.js';
import { aHeader, aRow, imagesOf } from '../../inference/a-readable-image.js';
import { withEngine } from '../../inference/engines/an-engine.js';
import { aModelsFolder, meanGraph, meanOfAll, onnxBytes, writeModel } from '../../inference/tiny-models.js';
import { aRun, modelsOf, onAndOn, runOf, Tables } from './a-run.js';

async function aModel(): Promise<LoadedModel> {
  const folder = aModelsFolder();
  writeModel(folder, onnxBytes(meanGraph));
  return (await loadModels(folder)).loaded[0];
}
const cardOf = ({ path }: LoadedModel): string => join(dirname(dirname(path)), 'card.json');
const swapped = (what: string) => ({ code: 'model-swapped', status: 409, what });

describe('The model under test', () => {
  it('is found by its bytes, with the class that is scored', async () => {
    const model = await aModel();
    expect(await modelUnderTest(modelsOf(model), runOf(model).model)).toEqual({ model, finding: 1 });
    const finding = { code: 'no-such-finding', status: 422 };
    await expect(modelUnderTest(modelsOf(model), runOf(model, 'Nothing').model)).rejects.toMatchObject(finding); // an absence
    await expect(modelUnderTest(modelsOf(model), runOf(model, 'Something else').model)).rejects.toMatchObject(finding);
  });

  it('is refused where another is loaded under its name, by graph or by card, or none', async () => {
    const model = await aModel();
    const of = (loaded: LoadedModel[]) => modelUnderTest(modelsOf(...loaded), runOf(model).model);
    await expect(of([])).rejects.toMatchObject(swapped('gone'));
    await expect(of([{ ...model, sha256: 'd'.repeat(64) }])).rejects.toMatchObject(swapped('graph'));
    await expect(of([{ ...model, cardSha256: 'd'.repeat(64) }])).rejects.toMatchObject(swapped('card'));
  });

  it('is refused where a file of it was changed on disk since it was loaded; another layout of its card is no change', async () => {
    const model = await aModel();
    const check = () => modelUnderTest(modelsOf(model), runOf(model).model);
    const card = JSON.parse(readFileSync(cardOf(model), 'utf8')) as { classes: { operatingThreshold: number }[] };
    writeFileSync(cardOf(model), JSON.stringify(card, null, 4));
    expect((await check()).model).toBe(model);
    card.classes[1].operatingThreshold = 0.3;
    writeFileSync(cardOf(model), JSON.stringify(card));
    await expect(check()).rejects.toMatchObject(swapped('card-file'));
    writeFileSync(model.path, onnxBytes(meanOfAll));
    await expect(check()).rejects.toMatchObject(swapped('graph-file'));
    rmSync(model.path);
    await expect(check()).rejects.toMatchObject(swapped('graph-file'));
  });
});

describe('A model file that is swapped while the server runs', () => {
  it('ends the run: nothing that was read beside it is written, though the engine still holds the bytes that it had checked', async () => {
    const folder = aModelsFolder();
    writeModel(folder, onnxBytes(meanGraph));
    await withEngine(folder, { workers: 1 }, async (engine, { tiny }) => {
      const tables = new Tables(12);
      const images = imagesOf(engine, (row) => {
        if (row === 6) writeFileSync(tiny.path, onnxBytes(meanOfAll));
        return 100 * row;
      });
      await expect(aRun(tiny, images, tables).run(runOf(tiny), onAndOn())).rejects.toMatchObject(swapped('graph-file'));
      expect([...tables.predictions.keys()]).toEqual([1, 2, 3, 4]); // the batch before
      await expect(aRun(tiny, images, tables).run(runOf(tiny), onAndOn())).rejects.toMatchObject(swapped('graph-file'));
      // What the process holds is what it hashed as it made its session: the file's new bytes never run under the old name.
      const still = await imagesOf(engine, () => 800).read(tiny, aRow(1), aHeader());
      expect(still).toMatchObject({ state: 'read' });
      expect(still.state === 'read' && still.reading.logits[1]).toBeCloseTo(3 * 0.4 - 0.5, 5);
    });
    expect((await loadModels(folder)).refused).toMatchObject([{ name: 'tiny', fault: { code: 'model-hash-mismatch' } }]);
  });
});
