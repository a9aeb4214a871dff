import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aProtocol, type Person } from './a-study.js';
import { LockedStudy } from './locked-study.js';
import { Wetread } from './wetread.js';

const CASES = 4;
const DAYS = 28;
const DAY_MS = 86_400_000;
const CROSSOVER = { reading: { ...aProtocol().reading, design: 'crossover', washOutDays: DAYS } } as const;
let wetread: Wetread;

interface Opened {
  readonly case: { readonly caseKey: string; readonly arm: string } | null;
}
interface Turn {
  readonly reader: string;
  readonly arm: string;
  readonly session: number;
  readonly place: number;
  readonly caseKey: string;
}
const refusal = (status: number, code: string) => expect.objectContaining({ status, body: expect.objectContaining({ code }) });
const turnsOf = ({ id }: LockedStudy) =>
  wetread.sql<Turn & Record<string, unknown>>(
    `SELECT reader, arm, session, place, case_key AS "caseKey" FROM validation_assignment WHERE study = $1 ORDER BY reader, session, place`,
    [id],
  );

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
});
afterAll(() => wetread.remove());

describe('A crossover study', () => {
  it('has each case read once in each arm, half of them with the model first, and the other way round by the next reader', async () => {
    const study = await LockedStudy.at(wetread, CASES, CROSSOVER, { useLimit: 2 });
    await study.begin();
    const turns = await turnsOf(study);
    expect(turns).toHaveLength(2 * 2 * CASES);
    expect(new Set(turns.map(({ reader, arm, caseKey }) => `${reader} ${arm} ${caseKey}`)).size).toBe(turns.length);
    const firstWith = (reader: string) =>
      turns.filter((one) => one.reader === reader && one.session === 1 && one.arm === 'aided').map(({ caseKey }) => caseKey);
    expect(firstWith('R1')).toHaveLength(CASES / 2);
    expect([...firstWith('R1'), ...firstWith('R2')].sort()).toEqual(['C0001', 'C0002', 'C0003', 'C0004']);
    await expectWashOutLive(study, study.people.one);
  });

  /** A reader has the first session's cases, and then none before the wash-out is over. */
  async function expectWashOutLive(study: LockedStudy, reader: Person): Promise<void> {
    await study.runModel();
    const open = () => study.cast.ask<Opened>(reader, 'POST', study.at('/cases/open'));
    for (let i = 0; i < CASES; i++) {
      const { caseKey, arm } = (await open()).body.case ?? { caseKey: '', arm: '' };
      const said = { caseKey, arm, rating: 3, clinicalAction: 0, status: 'read', reason: '' };
      expect(await study.cast.ask(reader, 'POST', study.at('/readings'), said)).toMatchObject({ status: 204 });
    }
    expect(await open()).toEqual(refusal(409, 'wash-out'));
    const next = (await turnsOf(study)).find((one) => one.reader === 'R1' && one.session === 2);
    const unopened = { caseKey: next?.caseKey, arm: next?.arm, rating: 3, clinicalAction: 0, status: 'read', reason: '' };
    expect((await study.cast.ask(reader, 'POST', study.at('/readings'), unopened)).status).toBe(409);
    const refused = await wetread.sql<{ code: string }>(
      `SELECT DISTINCT event::jsonb #>> '{changes,code}' AS code FROM ledger_record WHERE event::jsonb ->> 'action' = 'evidence.refused' AND entity_id = $1`,
      [study.id],
    );
    expect(refused.map(({ code }) => code)).toContain('wash-out');
  }

  it('is whole by a table of readings that were made as far apart as the protocol says, and not by one minute less', async () => {
    const study = await LockedStudy.at(wetread, 0, CROSSOVER, { useLimit: 2 });
    const { manager, investigator, statistician } = study.people;
    await study.begin();
    await study.runModel();
    const turns = await turnsOf(study);
    const began = Date.parse('2026-01-05T09:00:00Z');
    const table = (apartMs: number): string => {
      const first = new Map(turns.filter(({ session }) => session === 1).map((one) => [`${one.reader} ${one.caseKey}`, one.place]));
      const rows = turns.map(({ reader, arm, session, caseKey }, i) => {
        const at = began + (first.get(`${reader} ${caseKey}`) ?? 0) * 60_000 + (session === 2 ? apartMs : 0);
        return [reader, caseKey, arm, 1 + ((i * 3) % 5), i % 2, new Date(at).toISOString(), ''].join(',');
      });
      return `reader_id,case_id,arm,rating,clinical_action,submitted_at,reason\n${rows.join('\n')}\n`;
    };
    const bring = (csv: string) => study.cast.ask(manager, 'POST', study.at('/readings/import'), csv);
    expect(await bring(table(DAYS * DAY_MS - 60_000))).toEqual(refusal(409, 'wash-out'));
    expect(await bring(table(DAYS * DAY_MS))).toMatchObject({ status: 201, body: { rows: turns.length } });
    const freeze = await study.cast.ask<{ sha256: string }>(manager, 'POST', study.at('/freeze'));
    expect(freeze).toMatchObject({ status: 201 });
    for (const person of [investigator, statistician]) {
      const what = { entityType: 'freeze', version: 1, recordSha256: freeze.body.sha256, meaning: 'approval' };
      const signed = await study.cast.ask(person, 'POST', study.at('/signatures'), { ...what, password: person.password });
      expect(signed.status).toBe(201);
    }
    expect(await study.step(statistician, 'unblinded')).toMatchObject({ status: 201 });
    const analysis = await study.cast.ask<{ result: { endpoints: { id: string }[] } }>(statistician, 'POST', study.at('/analyses'), {});
    expect(analysis).toMatchObject({ status: 201, body: { kind: 'primary' } });
    expect(analysis.body.result.endpoints.map(({ id }) => id)).toEqual(['P1', 'S1', 'S2']);
  });
});
