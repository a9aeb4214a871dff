import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { madeDataset, CHEST as MODEL, datasetBody, noise, verified, type DatasetMade } from './chest-study.js';
import { anIntendedUse, aProtocol, Cast, type Person } from './a-study.js';
import { aChestXray, sha256 } from './instances.js';
import { eventually, Wetread } from './wetread.js';

interface Opened {
  readonly case: { readonly caseKey: string; readonly arm: string; readonly shown: unknown } | null;
}

const CASES = 6;
let wetread: Wetread;
let cast: Cast;
let lead: Person;
let investigator: Person;
let statistician: Person;
let regulatory: Person;
let manager: Person;
let readers: Person[];
let study: string;
let dataset: DatasetMade;
let intendedUse: { id: string; version: number; sha256: string };
const at = (path = '') => `/evidence/studies/${study}${path}`;

/** Signs the last version of the protocol. */
async function signProtocol(person: Person, password = person.password) {
  const { body } = await cast.ask<{ protocols: { version: number; sha256: string }[] }>(lead, 'GET', at());
  const { version, sha256 } = body.protocols[body.protocols.length - 1];
  return cast.ask(person, 'POST', at('/signatures'), {
    entityType: 'protocol',
    version,
    recordSha256: sha256,
    meaning: 'approval',
    password,
  });
}

const step = (person: Person, state: string) => cast.ask(person, 'POST', at('/steps'), { state, reason: 'as planned' });
const refusal = (status: number, code: string) => expect.objectContaining({ status, body: expect.objectContaining({ code }) });
const protocol = (said: object = {}) =>
  aProtocol({
    model: MODEL,
    intendedUse,
    population: {
      description: 'Chests',
      inclusion: ['frontal'],
      exclusion: [],
      dataset: { id: dataset.id, manifestSha256: dataset.manifestSha256 },
    },
    ...said,
  });

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  cast = await Cast.of(wetread);
  lead = await cast.person('Lena Lead', 'validation-lead');
  investigator = await cast.person('Ines Investigator', 'study-member');
  statistician = await cast.person('Stan Statistician', 'study-member');
  regulatory = await cast.person('Rita Regulatory', 'regulatory');
  manager = await cast.person('Dora Manager', 'study-member');
  readers = [await cast.person('Reader One', 'study-member'), await cast.person('Reader Two', 'study-member')];
  const chests = Array.from({ length: CASES }, () =>
    aChestXray({ Rows: 64, Columns: 64, InstitutionName: 'St. Elsewhere' }, { pixelData: noise(64 * 64) }),
  );
  const sender = await cast.person('Rad Iologist', 'radiologist');
  await wetread.storeAs(sender.headers, ...chests.map(({ bytes }) => bytes));
});
afterAll(() => wetread.remove());

describe('A study, in its order', () => {
  it('has a dataset of the archive, frozen, by keys that tell nothing', async () => {
    dataset = await madeDataset(cast, lead, datasetBody());
    expect(dataset).toMatchObject({ state: 'frozen', cases: CASES });
    const manifest = await cast.ask<{ text: string }>(lead, 'GET', `/evidence/datasets/${dataset.id}/manifest`);
    expect(manifest.body.text).toContain('"caseKey":"C0001"');
    expect(manifest.body.text).not.toMatch(/Elsewhere|Doe|P-/);
  });

  it('is for a use that the regulatory file has, signed by who keeps that file', async () => {
    const path = '/evidence/records/intended-use';
    const { body, status } = await cast.ask<typeof intendedUse>(regulatory, 'POST', path, { content: anIntendedUse() });
    expect(status).toBe(201);
    intendedUse = { id: body.id, version: body.version, sha256: body.sha256 };
    const sign = (person: Person, recordSha256: string) =>
      cast.ask(person, 'POST', `${path}/${body.id}/versions/1/signatures`, {
        recordSha256,
        meaning: 'responsibility',
        password: person.password,
      });
    expect((await sign(manager, body.sha256)).status).toBe(403);
    expect(await sign(regulatory, 'f'.repeat(64))).toEqual(refusal(409, 'digest-wrong'));
    expect(await sign(regulatory, body.sha256)).toMatchObject({ status: 201, body: { printedName: 'Rita Regulatory' } });
    const { body: on } = await cast.ask<{ signatures: unknown[] }>(lead, 'GET', `${path}/${body.id}/versions/1/signatures`);
    expect(on.signatures).toHaveLength(1);
  });

  it('is made by who plans studies, who gives others their parts and takes none', async () => {
    expect((await cast.ask(statistician, 'POST', '/evidence/studies', { title: 'x' })).status).toBe(403);
    const made = await cast.ask<{ id: string; state: string }>(lead, 'POST', '/evidence/studies', { title: 'Chest' });
    expect(made).toMatchObject({ status: 201, body: { state: 'draft' } });
    study = made.body.id;
    const parts = [
      [investigator, 'investigator'],
      [statistician, 'statistician'],
      [regulatory, 'regulatory'],
      [manager, 'data-manager'],
      [readers[0], 'reader'],
      [readers[1], 'reader'],
    ] as const;
    const give = (person: Person, role: string) =>
      cast.ask(lead, 'POST', at('/members'), { person: person.id, role, qualification: '', simulated: role === 'reader' });
    for (const [person, role] of parts) expect(await give(person, role)).toMatchObject({ status: 201 });
    expect(await give(lead, 'investigator')).toEqual(refusal(403, 'own-part'));
    expect(await give(readers[0], 'truther')).toEqual(refusal(409, 'one-part'));
  });

  it('is locked by three signatures of its protocol, each by who is asked again who they are', async () => {
    expect(await cast.ask(lead, 'POST', at('/protocols'), { protocol: { title: 'x' }, kind: 'protocol', reason: '' })).toEqual(
      refusal(422, 'protocol-malformed'),
    );
    const unknown = protocol({ intendedUse: { ...intendedUse, sha256: 'a'.repeat(64) } });
    expect(await cast.ask(lead, 'POST', at('/protocols'), { protocol: unknown, kind: 'protocol', reason: '' })).toEqual(
      refusal(422, 'intended-use-absent'),
    );
    expect(await cast.ask(lead, 'POST', at('/protocols'), { protocol: protocol(), kind: 'protocol', reason: 'first' })).toMatchObject({
      status: 201,
      body: { version: 1, signed: false },
    });
    expect(await step(investigator, 'locked')).toEqual(refusal(409, 'model-card-absent'));
    const card = { content: { name: MODEL.name, version: MODEL.version } };
    expect(await cast.ask(regulatory, 'POST', '/evidence/records/model-card', card)).toMatchObject({ status: 201 });
    expect(await step(investigator, 'locked')).toEqual(refusal(409, 'protocol-unsigned'));
    expect((await signProtocol(investigator, 'not the password')).status).toBe(401);
    expect(await signProtocol(manager)).toEqual(refusal(403, 'not-your-part'));
    for (const person of [investigator, statistician, regulatory])
      expect(await signProtocol(person)).toMatchObject({ status: 201, body: { printedName: person.name, authentication: ['pwd'] } });
    expect(await signProtocol(investigator)).toEqual(refusal(409, 'signed-already'));
    expect(await step(investigator, 'locked')).toMatchObject({ status: 201, body: { state: 'locked' } });
  });

  it('changes no more once it is locked, but by an amendment that leaves cases and model', async () => {
    const write = (said: object, kind: string) =>
      cast.ask(lead, 'POST', at('/protocols'), { protocol: protocol(said), kind, reason: 'better' });
    expect(await write({}, 'protocol')).toEqual(refusal(409, 'protocol-locked'));
    const fewer = { ...protocol().population, dataset: { id: dataset.id, manifestSha256: 'e'.repeat(64) } };
    expect(await write({ population: fewer }, 'amendment')).toEqual(refusal(409, 'dataset-locked'));
    expect(await write({ model: { ...MODEL, onnxSha256: 'e'.repeat(64) } }, 'amendment')).toEqual(refusal(409, 'model-locked'));
    expect(await cast.ask(statistician, 'POST', at('/analyses'), {})).toEqual(refusal(409, 'still-blinded'));
    expect(await cast.ask(lead, 'GET', at('/analyses'))).toEqual(refusal(409, 'still-blinded'));
  });

  it('takes the truth of its cases, and freezes it', async () => {
    const csv = `case_id,label,method\n${Array.from({ length: CASES }, (_, i) => `C000${i + 1},${i % 2},follow-up`).join('\n')}\n`;
    expect(await cast.ask(readers[0], 'POST', at('/labels/import'), csv)).toEqual(refusal(403, 'not-your-part'));
    expect(await cast.ask(manager, 'POST', at('/labels/import'), csv)).toMatchObject({ status: 201, body: { rows: CASES } });
    expect(await cast.ask(manager, 'POST', at('/reference'))).toMatchObject({ status: 201, body: { cases: CASES } });
    expect(await cast.ask(manager, 'POST', at('/labels/import'), csv)).toEqual(refusal(409, 'reference-frozen'));
  });

  it('shows readers one case after another, without the model before with it', async () => {
    expect(await step(investigator, 'running')).toMatchObject({ status: 201, body: { state: 'running' } });
    const open = (person: Person) => cast.ask<Opened>(person, 'POST', at('/cases/open'));
    const first = await open(readers[0]);
    expect(first).toMatchObject({ status: 200, body: { case: { arm: 'unaided', shown: null, left: 2 * CASES } } });
    const key = first.body.case?.caseKey;
    const image = await wetread.fetch(at(`/cases/${key}/image`), { headers: readers[0].headers });
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await wetread.fetch(at(`/cases/${key}/image`), { headers: readers[1].headers })).status).toBe(403);
    const reading = { caseKey: key, arm: 'unaided', rating: 9, clinicalAction: 1, status: 'read', reason: '' };
    expect(await cast.ask(readers[0], 'POST', at('/readings'), reading)).toEqual(refusal(422, 'reading-incomplete'));
    expect(await cast.ask(readers[0], 'POST', at('/readings'), { ...reading, rating: 4 })).toMatchObject({ status: 204 });
    expect(await cast.ask(readers[0], 'POST', at('/readings'), { ...reading, rating: 5 })).toEqual(refusal(409, 'read-already'));
    expect(await open(readers[0])).toEqual(refusal(409, 'model-not-yet'));
    const elsewhere = await cast.person('Radi Reader', 'radiologist');
    expect((await open(elsewhere)).status).toBe(403);
  });

  it('has its model read the cases, and tells how far it is and nothing else', async () => {
    expect(await cast.ask(readers[0], 'POST', at('/run'))).toEqual(refusal(403, 'not-your-part'));
    expect(await cast.ask(manager, 'POST', at('/run'))).toMatchObject({ status: 202 });
    const run = await eventually(async () => {
      const { body } = await cast.ask<{ progress: { done: number; total: number } }>(lead, 'GET', at('/run'));
      return body.progress.done === CASES ? body : undefined;
    }, 'a run');
    expect(run.progress).toMatchObject({ done: CASES, failed: 0, percent: 100 });
    expect(JSON.stringify(run)).not.toContain('"score"');
  });

  it('is unblinded when everything is there and two people say so', async () => {
    expect(await cast.ask(manager, 'POST', at('/freeze'))).toEqual(refusal(409, 'readings-incomplete'));
    for (const person of readers)
      for (;;) {
        const { body } = await cast.ask<Opened>(person, 'POST', at('/cases/open'));
        if (body.case === null) break;
        const { caseKey, arm, shown } = body.case;
        expect(shown === null).toBe(arm === 'unaided');
        const said = { caseKey, arm, rating: 3, clinicalAction: 0, status: 'read', reason: '' };
        expect(await cast.ask(person, 'POST', at('/readings'), said)).toMatchObject({ status: 204 });
      }
    expect(await step(statistician, 'unblinded')).toEqual(refusal(409, 'not-frozen'));
    const freeze = await cast.ask<{ sha256: string }>(manager, 'POST', at('/freeze'));
    expect(freeze.status).toBe(201);
    expect(await step(statistician, 'unblinded')).toEqual(refusal(409, 'unblinding-unsigned'));
    for (const person of [investigator, statistician]) {
      const { password } = person;
      const asked = { entityType: 'freeze', version: 1, recordSha256: freeze.body.sha256, meaning: 'approval', password };
      expect(await cast.ask(person, 'POST', at('/signatures'), asked)).toMatchObject({ status: 201 });
    }
    expect(await step(statistician, 'unblinded')).toMatchObject({ status: 201, body: { state: 'unblinded' } });
  });

  it('has its results by the locked plan, every other analysis post-hoc, and closes signed', async () => {
    const primary = await cast.ask<{ kind: string; sha256: string; result: { endpoints: { id: string }[] } }>(
      statistician,
      'POST',
      at('/analyses'),
      {},
    );
    expect(primary).toMatchObject({ status: 201, body: { number: 1, kind: 'primary' } });
    expect(primary.body.result.endpoints.map(({ id }) => id)).toEqual(['P1', 'S1', 'S2']);
    expect(await cast.ask(statistician, 'POST', at('/analyses'), {})).toEqual(refusal(409, 'primary-once'));
    const plan = { ...protocol().plan, endpoints: [{ id: 'X1', kind: 'accuracy' }] };
    expect(await cast.ask(statistician, 'POST', at('/analyses'), { plan })).toMatchObject({ status: 201, body: { kind: 'post-hoc' } });
    expect(await step(investigator, 'closed')).toEqual(refusal(409, 'analysis-unsigned'));
    const { password } = investigator;
    const asked = { entityType: 'analysis', version: 1, recordSha256: primary.body.sha256, meaning: 'approval', password };
    expect(await cast.ask(investigator, 'POST', at('/signatures'), asked)).toMatchObject({ status: 201 });
    expect(await step(investigator, 'closed')).toMatchObject({ status: 201, body: { state: 'closed' } });
  });

  it('goes out as a package that checks itself, the same bytes each time', async () => {
    expect((await wetread.fetch(at('/package'), { headers: statistician.headers })).status).toBe(403);
    const zip = async () => {
      const answer = await wetread.fetch(at('/package'), { headers: lead.headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
      return Buffer.from(await answer.arrayBuffer());
    };
    const first = await zip();
    expect(sha256(await zip())).toBe(sha256(first));
    const found = await cast.ask<{ entry: { resource: { status: string } }[] }>(
      regulatory,
      'GET',
      `/fhir/DocumentReference?identifier=study/${study}/1`,
    );
    expect(found.body.entry.map(({ resource }) => resource.status)).toEqual(['current']);
    const { status, stdout } = verified(first);
    expect([status, stdout]).toEqual([0, expect.stringContaining('valid')]);
    const changed = Buffer.from(first);
    changed[changed.indexOf('C0003')] ^= 1;
    expect(verified(changed, first)).toMatchObject({ status: 1 });
  });

  it('is changed by nobody in the database either: not as the application, not as the owner of its tables', async () => {
    const client = new pg.Client({ connectionString: wetread.databaseUrl });
    await client.connect();
    for (const table of ['validation_protocol', 'validation_case', 'validation_reading', 'validation_prediction', 'validation_step']) {
      await expect(client.query(`UPDATE ${table} SET tenant = 2`)).rejects.toThrow(/append-only/);
      await expect(client.query(`DELETE FROM ${table}`)).rejects.toThrow(/append-only/);
      await expect(client.query(`TRUNCATE ${table}`)).rejects.toThrow(/append-only/);
    }
    await client.query(`SET ROLE wetread_tenant`);
    await client.query(`SET wetread.tenant = '1'`);
    for (const table of ['validation_protocol', 'validation_case', 'validation_reading', 'ledger_record'])
      await expect(client.query(`DELETE FROM ${table}`)).rejects.toThrow(/permission denied/);
    await client.end();
  });

  it('may not test the same cases again beyond their limit, and each refusal is on record', async () => {
    const before = study;
    study = (await cast.ask<{ id: string }>(lead, 'POST', '/evidence/studies', { title: 'Again' })).body.id;
    for (const [person, role] of [
      [investigator, 'investigator'],
      [statistician, 'statistician'],
      [regulatory, 'regulatory'],
    ] as const)
      await cast.ask(lead, 'POST', at('/members'), { person: person.id, role, qualification: '', simulated: false });
    await cast.ask(lead, 'POST', at('/protocols'), { protocol: protocol(), kind: 'protocol', reason: '' });
    for (const person of [investigator, statistician, regulatory]) await signProtocol(person);
    expect(await step(investigator, 'locked')).toEqual(refusal(409, 'use-limit'));
    const refused = await wetread.sql<{ code: string }>(
      `SELECT event::jsonb #>> '{changes,code}' AS code FROM ledger_record WHERE event::jsonb ->> 'action' = 'evidence.refused' AND entity_id IN ($1, $2)`,
      [before, study],
    );
    expect(new Set(refused.map(({ code }) => code))).toEqual(
      new Set([
        'intended-use-absent', 'model-card-absent', 'own-part', 'one-part', 'protocol-unsigned', 'not-your-part', 'wrong-credentials', 'signed-already', 'protocol-locked', 'dataset-locked',
        'model-locked', 'still-blinded', 'reference-frozen', 'reading-incomplete', 'read-already', 'model-not-yet', 'readings-incomplete',
        'not-frozen', 'unblinding-unsigned', 'primary-once', 'analysis-unsigned', 'use-limit',
      ]), // prettier-ignore
    );
  });
});
