import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { LockedStudy } from './locked-study.js';
import { Wetread } from './wetread.js';

const CASES = 4;
let wetread: Wetread;
let study: LockedStudy;
let tenant: pg.Client;

const refusal = (status: number, code: string) => expect.objectContaining({ status, body: expect.objectContaining({ code }) });

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  study = await LockedStudy.at(wetread, CASES);
  tenant = new pg.Client({ connectionString: wetread.databaseUrl, options: '-c role=wetread_tenant -c wetread.tenant=1' });
  await tenant.connect();
});
afterAll(async () => {
  await tenant.end();
  await wetread.remove();
});

describe('What fresh eyes got past, and nobody gets past now', () => {
  it('temporary tables in the place of a study’s do not unblind it, nor add a case', async () => {
    await study.begin();
    await tenant.query(`CREATE TEMP TABLE validation_freeze AS SELECT '${study.id}'::uuid AS study, 'x'::text AS sha256`);
    await tenant.query(`CREATE TEMP TABLE validation_signature AS
      SELECT 'freeze'::text AS entity_type, '${study.id}'::text AS entity_id, 'x'::text AS record_sha256, 'approval'::text AS meaning, role
        FROM (VALUES ('investigator'), ('statistician')) AS r (role)`);
    await tenant.query(`CREATE TEMP TABLE validation_dataset AS SELECT '${study.dataset.id}'::uuid AS id, now() AS at`);
    const step = `INSERT INTO public.validation_step (study, number, state, reason, checks, made_by) VALUES ($1, 4, 'unblinded', '', '{}', 'x')`;
    await expect(tenant.query(step, [study.id])).rejects.toThrow('not-frozen');
    const columns =
      'case_key, patient_key, instance_row, instance_hash, file_sha256, pixel_sha256, perceptual_hash, site, manufacturer, model, sex, stratum';
    await expect(
      tenant.query(
        `INSERT INTO public.validation_case (dataset, times_used_before, ${columns}) VALUES ($1, 0, 'C9999', 'P', 1, 'a', 'b', 'c', 'd', '', '', '', '', '')`,
        [study.dataset.id],
      ),
    ).rejects.toThrow('dataset-frozen');
  });

  it('a signature that somebody wrote into the database is none', async () => {
    const { people } = study;
    const other = await study.cast.ask<{ id: string }>(people.lead, 'POST', '/evidence/studies', { title: 'Forged' });
    const at = `/evidence/studies/${other.body.id}`;
    await study.cast.ask(people.lead, 'POST', `${at}/members`, {
      person: people.investigator.id,
      role: 'investigator',
      qualification: '',
      simulated: false,
    });
    const content = '{"model":{}}';
    await wetread.sql(
      `INSERT INTO validation_protocol (study, version, kind, content, sha256, reason, made_by) VALUES ($1, 1, 'protocol', $2, encode(sha256(convert_to($2::text, 'UTF8')), 'hex'), '', 'x')`,
      [other.body.id, content],
    );
    const forge = (signedAt: string, signer: string) =>
      wetread.sql(
        `INSERT INTO validation_signature (id, study, signer, printed_name, role, meaning, entity_type, entity_id, version, record_sha256, time_source, authentication, reauthenticated_at, signed_at, jws, made_by)
         SELECT gen_random_uuid(), study, $2, 'x', 'investigator', 'approval', 'protocol', study::text, 1, sha256, 'x', '{pwd}', now(), ${signedAt}, 'x', $3
           FROM validation_protocol WHERE study = $1`,
        [other.body.id, people.investigator.id, signer],
      );
    await expect(forge(`'1999-01-01'`, people.investigator.id)).rejects.toThrow('signature-not-proven');
    await expect(forge('now()', 'somebody')).rejects.toThrow('signature-not-proven');
    await forge('now()', people.investigator.id);
    const step = await study.cast.ask(people.investigator, 'POST', `${at}/steps`, { state: 'locked', reason: '' });
    expect(step).toEqual(refusal(409, 'signature-not-held'));
  });

  it('a dataset that is no test set is none to lock on, and another of the same cases does not renew them', async () => {
    const again = async (body: object) =>
      LockedStudy.at(wetread, 0, {}, body).then(
        () => 'locked',
        (error: Error) => error.message,
      );
    expect(await again({ purpose: 'monitor' })).toContain('dataset-no-test');
    expect(await again({ useLimit: 50 })).toContain('use-limit');
  });

  it('a table of a megabyte of nothing is read for nobody who has no part', async () => {
    const stranger = await study.cast.person('Nobody Inparticular', 'study-member');
    const csv = `case_id,label,method\n${'a,1,\n'.repeat(1_000_000)}`;
    expect(await study.cast.ask(stranger, 'POST', study.at('/labels/import'), csv)).toEqual(refusal(403, 'not-your-part'));
    const wide = `case_id,label,method${',x'.repeat(1_000_000)}\n`;
    expect(await study.cast.ask(study.people.manager, 'POST', study.at('/labels/import'), wide)).toEqual(refusal(422, 'table-malformed'));
    const long = `case_id,label,method\n"${'x'.repeat(8_000_000)}",1,y\n`;
    expect(await study.cast.ask(study.people.manager, 'POST', study.at('/labels/import'), long)).toEqual(refusal(422, 'table-malformed'));
    expect(await study.cast.ask(study.people.manager, 'POST', study.at('/labels/import'), csv)).toEqual(refusal(422, 'table-malformed'));
  });

  it('who could see a model’s answers elsewhere holds no truth, and digests cannot be tried out', async () => {
    const { people, cast } = study;
    const planner = await cast.person('Paul Planner', 'validation-lead');
    await cast.ask(people.lead, 'POST', study.at('/members'), {
      person: planner.id,
      role: 'data-manager',
      qualification: '',
      simulated: false,
    });
    expect(await cast.ask(planner, 'POST', study.at('/labels/import'), 'case_id,label,method\n')).toEqual(refusal(403, 'not-blinded'));
    await study.runModel();
    const open = await cast.ask<{ case: { caseKey: string; arm: string } }>(people.one, 'POST', study.at('/cases/open'));
    expect(open.status).toBe(200);
    const told = await wetread.sql<{ changes: string }>(
      `SELECT (event::jsonb -> 'changes')::text AS changes FROM ledger_record WHERE event::jsonb ->> 'action' = 'evidence.case-shown'`,
    );
    expect(told.map(({ changes }) => changes).join()).not.toMatch(/[0-9a-f]{64}/);
    const [{ sha256, salt }] = await wetread.sql<{ sha256: string; salt: string }>('SELECT sha256, salt FROM validation_reference');
    expect([sha256, salt]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  it('a reading of a person is brought by nobody else, and a plan that would take a minute is not taken', async () => {
    const plan = { threshold: 0.5, scoreRange: [0, 1], conf: 0.95, alphaOneSided: 0.025, failures: 'worst-case', minSubgroupN: 2 };
    const endpoints = [
      { id: 'A', kind: 'auc' },
      { id: 'X', kind: 'repeat', of: Array.from({ length: 5_000 }, () => 'A'), failures: 'excluded' },
    ];
    const { people, cast } = study;
    expect((await cast.ask(people.statistician, 'POST', study.at('/analyses'), { plan: { ...plan, endpoints } })).status).toBe(400);
    await wetread.sql('ALTER TABLE validation_member DISABLE TRIGGER append_only');
    await wetread.sql('UPDATE validation_member SET simulated = false');
    await wetread.sql('ALTER TABLE validation_member ENABLE ALWAYS TRIGGER append_only');
    const [turn] = await wetread.sql<{ case_key: string }>(
      `SELECT case_key FROM validation_assignment WHERE study = $1 AND reader = 'R2' AND place = 1`,
      [study.id],
    );
    const csv = `reader_id,case_id,arm,rating,clinical_action,submitted_at,reason\nR2,${turn.case_key},unaided,3,1,2026-01-01T00:00:00Z,\n`;
    expect(await cast.ask(people.manager, 'POST', study.at('/readings/import'), csv)).toEqual(refusal(409, 'reading-of-a-person'));
  });
});
