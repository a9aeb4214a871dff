import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelCard } from '../../src/inference/model-card.js';
import { canonicalText } from '../../src/signing/canonical.js';
import { asksAs, refusedBy, sha256Of, writtenBy } from './regulatory-file.js';
import { BUNDLED, Wetread } from './wetread.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wetread-regulatory-models-')));
const place = join(folder, 'chest-pneumonia');
let wetread: Wetread;
let card: ModelCard;
let onnx: string;
beforeAll(async () => {
  cpSync(join(BUNDLED, 'chest-pneumonia'), place, { recursive: true });
  card = JSON.parse(readFileSync(join(place, 'card.json'), 'utf8')) as ModelCard;
  onnx = join(place, card.version, 'model.onnx');
  wetread = await Wetread.start({ MODELS: folder });
});
afterAll(async () => {
  await wetread.remove();
  rmSync(folder, { recursive: true, force: true });
});
const asks: ReturnType<typeof asksAs> = (...given) => asksAs(wetread, {})(...given);
const add = (type: string, content: object) => asks('POST', `/records/${type}`, { content });

describe('A model version', () => {
  it('is made by the server of the file and its card', async () => {
    const { name, version } = card;
    const { content } = await writtenBy(await add('model-version', { name, version, onnxSha256: card.sha256 }));
    const { dataset, citation, licence, split, cases, method } = card.training;
    expect(content).toMatchObject({
      name,
      version,
      onnxSha256: card.sha256,
      bytes: statSync(onnx).size,
      opset: card.opset,
      preparationSha256: sha256Of(canonicalText({ preparation: card.preparation })),
      trainingStatement: { dataset, citation, licence, split, cases, method },
      thresholds: card.classes.map(({ label, operatingThreshold, referralThreshold }) => ({
        label,
        operating: operatingThreshold,
        referral: referralThreshold,
      })),
      cardSha256: sha256Of(canonicalText(card)),
    });
    expect((content['inputs'] as { name: string }[]).map((one) => one.name)).toEqual(['images']);
    expect((content['outputs'] as { name: string }[]).map((one) => one.name)).toContain('logits');
  });

  it('is refused of another file than was stated, and of a model that is not here', async () => {
    const { name, version } = card;
    const stated = await add('model-version', { name, version, onnxSha256: '0'.repeat(64) });
    expect((await refusedBy(stated)).slice(0, 2)).toEqual([422, 'model-file-differs']);
    for (const other of [
      { name: 'nobodys', version },
      { name, version: '0' },
    ])
      expect((await refusedBy(await add('model-version', other))).slice(0, 2)).toEqual([422, 'model-not-here']);
  });

  it('is refused where somebody swapped the file under the running server', async () => {
    const { name, version } = card;
    const { size } = statSync(onnx);
    appendFileSync(onnx, 'x');
    expect((await refusedBy(await add('model-version', { name, version }))).slice(0, 2)).toEqual([422, 'model-hash-mismatch']);
    truncateSync(onnx, size);
    renameSync(onnx, `${onnx}.away`);
    expect((await refusedBy(await add('model-version', { name, version }))).slice(0, 2)).toEqual([422, 'model-unreadable']);
    renameSync(`${onnx}.away`, onnx);
    await writtenBy(await add('model-version', { name, version }));
  });
});

describe('A model card', () => {
  it('is kept as the registry has it: its record’s SHA-256 is that of card.json’s canonical text', async () => {
    const { name, version } = card;
    const record = await writtenBy(await add('model-card', { name, version }));
    expect(record.content).toEqual(card);
    expect(record.sha256).toBe(sha256Of(canonicalText(card)));
  });
});
