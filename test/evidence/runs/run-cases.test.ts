import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseAway } from '../../../src/database/database.js';
import { LocalEngine } from '../../../src/inference/engines/local-engine.js';
import { EngineBusy, EngineCrashed } from '../../../src/inference/faults.js';
import type { ImageRead, ReadImage } from '../../../src/inference/read-image.js';
import { loadModels, type LoadedModel } from '../../../src/inference/registry.js';
import { CorruptFrame } from '../../../src/pixels/faults.js';
import { canonicalSha256, canonicalText } from '../../../src/signing/canonical.js';
import { aHeader, imagesOf } from '../../inference/a-readable-image.js';
import { QUICK } from '../../inference/engines/an-engine.js';
import { aModelsFolder, meanGraph, onnxBytes, writeModel } from '../../inference/tiny-models.js';
import { archive, aRun, onAndOn, runOf, Tables } from './a-run.js';

let engine: LocalEngine;
let model: LoadedModel;
let images: ReadImage;
beforeAll(async () => {
  const folder = aModelsFolder();
  writeModel(folder, onnxBytes(meanGraph));
  const { loaded } = await loadModels(folder);
  [model] = loaded;
  engine = new LocalEngine(loaded, { ...QUICK, workers: 2, queueLimit: 64 });
  await engine.start();
  images = imagesOf(engine, (row) => (row === 5 ? new CorruptFrame('cut off') : 100 * row));
});
afterAll(() => engine.close());

/** The probability of Something in an image of half black, half `value`. */
const scoreOf = (value: number): number => 1 / (1 + Math.exp(0.75 - (5 * value) / 2_000));

/** Reads with the real engine, unless `before` throws. */
const after = (before: (row: number) => void): Pick<ReadImage, 'read'> => ({
  read: (given, instance, dataset): Promise<ImageRead> => {
    before(instance.id);
    return images.read(given, instance, dataset);
  },
});

describe('A run of a study', () => {
  it('gives every case its score in the order of the manifest, or the reason why it has none', async () => {
    const tables = new Tables(10);
    const batches: number[] = [];
    expect(await aRun(model, images, tables).run(runOf(model), onAndOn(), (results) => void batches.push(results.length))).toBe('done');
    expect([...tables.predictions.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([tables.writes, batches]).toEqual([
      [4, 4, 2],
      [4, 4, 2],
    ]);
    for (const { caseId, score, error } of tables.told.filter(({ caseId: id }) => id !== 5)) {
      expect(score).toBeCloseTo(scoreOf(100 * caseId), 5);
      expect(error).toBe('');
    }
    expect(tables.predictions.get(5)).toMatchObject({
      score: null,
      error: 'corrupt-frame',
      inputSha256: '',
      outputSha256: '',
      provider: '',
    });
    const one = tables.predictions.get(3);
    expect(one).toMatchObject({ provider: 'cpu', studyRow: 1, inputSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(one?.outputSha256).toBe(canonicalSha256(one?.outputs ?? {}));
  });

  it('puts each on record: what went in and who decided, and of what came out the digest alone', async () => {
    const tables = new Tables(5);
    await aRun(model, images, tables).run(runOf(model), onAndOn());
    const { event, outputs, outputSha256, inputSha256 } = tables.told[1];
    expect(event).toMatchObject({
      actor: 'wetread',
      action: 'evidence.case-read',
      entity: { type: 'instance', id: '2' },
      changes: {
        study: 'study-1',
        run: 'run-1',
        case: 'C0002',
        finding: 'Something',
        model: { name: 'tiny', sha256: model.sha256, cardSha256: model.cardSha256 },
        input: { tensorSha256: inputSha256 },
        provider: 'cpu',
        outputsSha256: outputSha256,
      },
      reason: '',
    });
    // Before the study is unblinded nobody learns from the ledger what the model said.
    expect(event.changes).not.toHaveProperty('outputs');
    const { probabilities } = outputs as { probabilities: number[] };
    for (const probability of probabilities) expect(canonicalText(event)).not.toContain(String(probability).slice(0, 8));
    expect(tables.told[4].event).toMatchObject({ reason: 'corrupt-frame', changes: { case: 'C0005' } });
  });

  it('comes to the same whether one case is read at once or five, at one go or stopped and gone on with', async () => {
    const told = async (limits: object, stops: number) => {
      const tables = new Tables(13);
      for (let n = 0; n < stops; n++) {
        const stop = new AbortController();
        const run = aRun(model, images, tables, { limits });
        expect(await run.run(runOf(model), stop.signal, () => stop.abort())).toBe('stopped');
      }
      expect(await aRun(model, images, tables, { limits }).run(runOf(model), onAndOn())).toBe('done');
      return tables.told;
    };
    const once = await told({ concurrency: 1, batch: 13 }, 0);
    expect(once).toHaveLength(13);
    expect(await told({ concurrency: 5, batch: 4 }, 0)).toEqual(once);
    expect(await told({ concurrency: 3, batch: 2 }, 4)).toEqual(once);
  });

  it('stops in the middle of a batch, keeps what was read, and reads nothing twice', async () => {
    const tables = new Tables(8);
    const stop = new AbortController();
    const read: number[] = [];
    const counted = after((row) => {
      read.push(row);
      if (row === 3) stop.abort();
    });
    expect(await aRun(model, counted, tables, { limits: { concurrency: 1, batch: 8 } }).run(runOf(model), stop.signal)).toBe('stopped');
    expect([...tables.predictions.keys()]).toEqual([1, 2, 3]);
    await aRun(model, counted, tables).run(runOf(model), onAndOn());
    expect(read.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('waits for a busy engine and a database that is away, and makes no failure of them', async () => {
    const tables = new Tables(6);
    let away = 0;
    const flaky: Tables = Object.create(tables) as Tables;
    flaky.next = (limit) => (away++ % 3 < 2 ? Promise.reject(new DatabaseAway()) : tables.next(limit));
    flaky.record = (results) => (away++ % 3 < 2 ? Promise.reject(new DatabaseAway()) : tables.record(results));
    let busy = 0;
    const busyImages = after(() => {
      if (busy++ % 8 < 7) throw new EngineBusy(); // more often than a case is tried that breaks something
    });
    expect(await aRun(model, busyImages, flaky, { limits: { concurrency: 1 } }).run(runOf(model), onAndOn())).toBe('done');
    expect(tables.told.map(({ error }) => error)).toEqual(['', '', '', '', 'corrupt-frame', '']);
  });

  it('reads a case again whose process died, and where it always dies reads all others first, and says why it is not done', async () => {
    let deaths = 0;
    const once = after((row) => {
      if (row === 2 && deaths++ === 0) throw new EngineCrashed();
    });
    const tables = new Tables(4);
    expect(await aRun(model, once, tables).run(runOf(model), onAndOn())).toBe('done');
    expect(tables.told.map(({ error }) => error)).toEqual(['', '', '', '']);

    const always = after((row) => {
      if (row === 2) throw new EngineCrashed();
    });
    const others = new Tables(9);
    await expect(aRun(model, always, others).run(runOf(model), onAndOn())).rejects.toMatchObject({ code: 'engine-crashed' });
    expect([...others.predictions.keys()].sort()).toEqual([1, 3, 4, 5, 6, 7, 8, 9]); // no failure of case 2's
  });

  it('does not go through all cases where none can be read', async () => {
    const tables = new Tables(1_000);
    let tries = 0;
    const dying = after(() => {
      tries++;
      throw new EngineCrashed();
    });
    await expect(aRun(model, dying, tables).run(runOf(model), onAndOn())).rejects.toMatchObject({ code: 'engine-crashed' });
    expect([tables.predictions.size, tries]).toEqual([0, 4 * 3]); // a batch, three times each
    const unusable: Pick<ReadImage, 'read'> = {
      read: () => Promise.resolve({ state: 'failed', why: { code: 'model-unusable', text: 'it is broken' } }),
    };
    await expect(aRun(model, unusable, tables).run(runOf(model), onAndOn())).rejects.toMatchObject({ code: 'model-unusable' });
    expect(tables.predictions.size).toBe(0);
  });

  it('calls a case failed whose image was changed since the dataset was frozen, or is gone, or is none that the model reads', async () => {
    const tables = new Tables(4);
    const hand = aHeader({ '00180015': 'HAND' });
    const studies = archive((row) => {
      if (row.id === 1) return { ...row, sha256: 'c'.repeat(64) };
      return row.id === 2 ? undefined : row.id === 3 ? { ...row, metadata: JSON.stringify(hand) } : row;
    });
    expect(await aRun(model, images, tables, { studies }).run(runOf(model), onAndOn())).toBe('done');
    expect(tables.told.map(({ error, score }) => [error, score === null])).toEqual([
      ['instance-changed', true],
      ['instance-absent', true],
      ['body-part', true],
      ['', false],
    ]);
    expect(tables.told[1]).toMatchObject({ studyRow: null, event: { reason: 'instance-absent' } });
  });

  it('ends with the server', async () => {
    const tables = new Tables(4);
    const closing = new LocalEngine([model], QUICK);
    await closing.start();
    await closing.close();
    expect(
      await aRun(
        model,
        imagesOf(closing, () => 1),
        tables,
      ).run(runOf(model), onAndOn()),
    ).toBe('stopped');
    expect(tables.predictions.size).toBe(0);
  });
});
