import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aProtocol, Cast, type Person } from './a-study.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let cast: Cast;
let lead: Person;
let investigator: Person;
let statistician: Person;
let regulatory: Person;
let manager: Person;
let readers: Person[];
let study: string;
let dataset: string;
const at = () => `/evidence/studies/${study}`;
const CASES = ['C0001', 'C0002', 'C0003', 'C0004', 'C0005', 'C0006', 'C0007', 'C0008'];

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  cast = await Cast.of(wetread);
  lead = await cast.person('Lena Lead', 'validation-lead');
  investigator = await cast.person('Ines Investigator', 'study-member');
  statistician = await cast.person('Stan Statistician', 'study-member');
  regulatory = await cast.person('Rita Regulatory', 'regulatory');
  manager = await cast.person('Dora Manager', 'study-member');
  readers = [await cast.person('Reader One', 'study-member'), await cast.person('Reader Two', 'study-member')];
  dataset = randomUUID();
  const rows = CASES.map(
    (key, i) => `('${dataset}', '${key}', 'P${key}', ${i + 1}, '${i}', '${i}', 'px${i}', '${i}', '${i}', 'S1', 'm', 'm', 5, 'F', 's', 0)`,
  );
  await wetread.sql(`
    WITH d AS (SELECT 1) INSERT INTO validation_dataset (id, name, purpose, manifest_sha256, use_limit, details, made_by)
    VALUES ('${dataset}', 'eight', 'test', '${'d'.repeat(64)}', 1, '{}', 'test')`).catch(() => undefined);
  await wetread.sql(`
    BEGIN;
    DELETE FROM pg_temp.nothing;
  `).catch(() => undefined);
  void rows;
});
afterAll(() => wetread.remove());

describe('A study', () => {
  it('is made by who plans studies, and by nobody else', async () => {
    expect((await cast.ask(statistician, 'POST', '/evidence/studies', { title: 'x' })).status).toBe(403);
    const made = await cast.ask<{ id: string; state: string }>(lead, 'POST', '/evidence/studies', { title: 'Chest' });
    expect(made).toMatchObject({ status: 201, body: { state: 'draft' } });
    study = made.body.id;
    for (const [person, role] of [
      [investigator, 'investigator'],
      [statistician, 'statistician'],
      [regulatory, 'regulatory'],
      [manager, 'data-manager'],
      [readers[0], 'reader'],
      [readers[1], 'reader'],
    ] as const) {
      const added = await cast.ask(lead, 'POST', `${at()}/members`, { person: person.id, role, qualification: '', simulated: role === 'reader' });
      expect(JSON.stringify(added)).toContain('"status":201');
    }
    expect(await cast.ask(lead, 'POST', `${at()}/members`, { person: lead.id, role: 'investigator', qualification: '', simulated: false })).toMatchObject({
      status: 403,
      body: { code: 'own-part' },
    });
    const written = await cast.ask(lead, 'POST', `${at()}/protocols`, { protocol: aProtocol(), kind: 'protocol', reason: 'first' });
    expect(written).toMatchObject({ status: 201, body: { version: 1, signed: false } });
  });
});
