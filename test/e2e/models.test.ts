import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph } from './phantoms.js';
import { BUNDLED, Wetread } from './wetread.js';

let wetread: Wetread;
let models: string;
beforeAll(async () => {
  models = mkdtempSync(join(tmpdir(), 'wetread-models-'));
  const card: object = JSON.parse(readFileSync(join(BUNDLED, 'chest-pneumonia/card.json'), 'utf8'));
  cpSync(join(BUNDLED, 'chest-pneumonia'), join(models, 'chest-pneumonia'), { recursive: true });
  cpSync(join(BUNDLED, 'chest-pneumonia'), join(models, 'chest-altered'), { recursive: true });
  writeFileSync(join(models, 'chest-altered/card.json'), JSON.stringify({ ...card, name: 'chest-altered', sha256: 'f'.repeat(64) }));
  wetread = await Wetread.start({ MODELS: models });
});
afterAll(async () => {
  await wetread.remove();
  rmSync(models, { recursive: true });
});

describe('A model whose file is not what its card says', () => {
  it('is refused by name and reason, and the good one works', async () => {
    const { checks } = await wetread.json<{
      checks: { inference: { ok: boolean; refusedModels: { name: string; code: string; why: string }[] } };
    }>('/health');
    expect(checks.inference.ok).toBe(true);
    expect(checks.inference.refusedModels).toEqual([
      { name: 'chest-altered', code: 'model-hash-mismatch', why: expect.stringMatching(/\w/) },
    ]);
    const { data } = await graph<{ models: { name: string }[] }>(wetread, '{ models { name } }');
    expect(data.models).toEqual([{ name: 'chest-pneumonia' }]);
  });
});
