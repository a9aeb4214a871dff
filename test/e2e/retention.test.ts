import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command } from './commands.js';
import { aChestXray, type TestInstance } from './instances.js';
import { onRecord } from './phantoms.js';
import { Wetread } from './wetread.js';

const HAND = { BodyPartExamined: 'HAND' }; // nothing for the models
const old = (said = {}) => aChestXray({ ...HAND, Modality: 'CR', StudyDate: '20010203', ...said });
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ RETENTION_RULES: 'CR:3650d' });
});
afterAll(() => wetread.remove());

const isThere = async ({ path }: TestInstance): Promise<boolean> =>
  (await wetread.fetch(path, { headers: { accept: 'application/dicom' } })).status === 200;
const dryRun = async (): Promise<{ run: string; said: string }> => {
  const { code, said } = await command(wetread, 'retention');
  expect(code).toBe(0);
  return { run: /^Dry run (\d+):/m.exec(said)?.[1] ?? '', said };
};

describe('Retention rules', () => {
  it('first only list what would go; told to, they delete exactly that, softly and on the ledger', async () => {
    const [gone, kept, young] = [old(), old({ Modality: 'MG' }), old({ StudyDate: '20260101' })];
    await wetread.store(gone.bytes, kept.bytes, young.bytes);
    const { run, said } = await dryRun();
    expect(said).toContain(gone.studyInstanceUID);
    expect(said).not.toContain(kept.studyInstanceUID);
    expect(said).not.toContain(young.studyInstanceUID);
    for (const one of [gone, kept, young]) expect(await isThere(one)).toBe(true); // nothing was deleted
    const later = old();
    await wetread.store(later.bytes); // outlived too, but it was not on the list
    const executed = await command(wetread, 'retention', '--execute', run);
    expect(executed).toMatchObject({ code: 0, said: expect.stringMatching(/\tdeleted\n1 studies were decided/) });
    expect([await isThere(gone), await isThere(kept), await isThere(young), await isThere(later)]).toEqual([false, true, true, true]);
    const record = (await onRecord(wetread, 'data.deleted')).at(-1);
    expect(record).toMatchObject({ actor: 'operator', reason: `retention run ${run}: CR:3650d`, changes: { instances: 1 } });
    const { said: deleted } = await command(wetread, 'deleted', '--study', gone.studyInstanceUID);
    const [number] = deleted.split('\t');
    expect((await command(wetread, 'deleted', '--restore', number)).code).toBe(0);
    expect(await isThere(gone)).toBe(true);
    expect(await command(wetread, 'retention', '--execute', run)).toMatchObject({
      code: 2,
      complained: expect.stringContaining('it was executed already'),
    });
  });

  it('leave alone what changed since the dry run, and what is gone', async () => {
    const [grown, removed] = [old(), old()];
    await wetread.store(grown.bytes, removed.bytes);
    const { run } = await dryRun();
    const more = old({ StudyInstanceUID: grown.studyInstanceUID });
    await wetread.store(more.bytes);
    await wetread.fetch(`/dicom-web/studies/${removed.studyInstanceUID}`, { method: 'DELETE' });
    const { said } = await command(wetread, 'retention', '--execute', run);
    const outcomeOf = ({ studyInstanceUID }: TestInstance) =>
      said
        .split('\n')
        .find((line) => line.includes(studyInstanceUID))
        ?.split('\t')
        .at(-1);
    expect([outcomeOf(grown), outcomeOf(removed)]).toEqual(['changed', 'gone']);
    expect([await isThere(grown), await isThere(more)]).toEqual([true, true]);
  });

  it('are not executed by the list of other rules, of another week, or of no dry run', async () => {
    const { run } = await dryRun();
    const refused = async (number: string) => (await command(wetread, 'retention', '--execute', number)).complained;
    await wetread.sql(`UPDATE retention_run SET rules = 'CR:1d' WHERE id = $1`, [run]);
    expect(await refused(run)).toContain('RETENTION_RULES are others now');
    await wetread.sql(`UPDATE retention_run SET rules = 'CR:3650d', prepared_at = now() - interval '8 days' WHERE id = $1`, [run]);
    expect(await refused(run)).toContain('it is older than 7 days');
    expect(await refused('999999')).toContain('there is no such dry run');
    expect(await refused('x')).toContain('--execute takes a number');
  });

  it('that cannot be read keep the server from starting', async () => {
    const failed: unknown = await Wetread.start({ RETENTION_RULES: 'CR:ten years' }).catch((error: unknown) => error);
    expect(String(failed)).toContain('RETENTION_RULES');
  });
});
