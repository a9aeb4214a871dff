import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLE_PERMITS, ROLES } from '../../src/access/roles.js';
import { canonicalText } from '../../src/signing/canonical.js';
import { A_DEVICE, AN_INTENDED_USE, asksWith, refusedBy, sha256Of, writtenBy, type Asks, type GivenRecord } from './regulatory-file.js';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let maker: TokenMaker;
let officer: Asks;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  await wetread.sql(`INSERT INTO tenant (name) VALUES ('elsewhere')`);
  officer = await asksWith(wetread, maker, { roles: ['regulatory'] });
});
afterAll(() => wetread.remove());

const pathOf = ({ type, id }: GivenRecord): string => `/records/${type}/${id}`;

describe('A record of the regulatory file', () => {
  it('is given back as it was written: its canonical text, by whose SHA-256 it is referred to', async () => {
    const answer = await officer('POST', '/records/device', { content: A_DEVICE, reason: 'First listing' });
    const record = await writtenBy(answer);
    expect(record).toMatchObject({ type: 'device', version: 1, reason: 'First listing', content: A_DEVICE });
    expect(record.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(record.canonical).toBe(canonicalText(A_DEVICE));
    expect(record.sha256).toBe(sha256Of(record.canonical ?? ''));
    const place = answer.headers.get('location') ?? '';
    expect(place).toBe(`/evidence${pathOf(record)}/versions/1`);
    for (const path of [place.slice('/evidence'.length), pathOf(record)]) {
      const read = await officer('GET', path);
      expect([read.headers.get('etag'), await read.json()]).toEqual([answer.headers.get('etag'), record]);
    }
    const again = await officer('GET', pathOf(record), undefined, { 'if-none-match': answer.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });

  it('goes on in versions, each after the newest alone, and all of them stay', async () => {
    const first = await writtenBy(await officer('POST', '/records/intended-use', { id: 'chest-triage', content: AN_INTENDED_USE }));
    expect(first.id).toBe('chest-triage');
    const taken = await officer('POST', '/records/intended-use', { id: 'chest-triage', content: AN_INTENDED_USE });
    expect((await refusedBy(taken)).slice(0, 2)).toEqual([409, 'record-exists']);
    const changed = { ...AN_INTENDED_USE, limits: ['Not for children', 'Not for portable radiographs'] };
    const next = { content: changed, reason: 'Portable radiographs were not in the training data' };
    for (const ifMatch of [{}, { 'if-match': 'W/"2"' }, { 'if-match': '"x"' }] as Record<string, string>[])
      expect((await refusedBy(await officer('POST', pathOf(first), next, ifMatch))).slice(0, 2)).toEqual([412, 'record-moved-on']);
    const second = await writtenBy(await officer('POST', pathOf(first), next, { 'if-match': 'W/"1"' }));
    expect(second).toMatchObject({ id: 'chest-triage', version: 2, content: changed });
    expect((await refusedBy(await officer('POST', pathOf(first), next, { 'if-match': 'W/"1"' }))).slice(0, 2)).toEqual([
      412,
      'record-moved-on',
    ]);
    expect(await (await officer('GET', `${pathOf(first)}/versions/1`)).json()).toEqual(first);
    expect(await (await officer('GET', pathOf(first))).json()).toEqual(second);
    for (const version of ['0', '3', 'x', '99999999999'])
      expect((await refusedBy(await officer('GET', `${pathOf(first)}/versions/${version}`))).slice(0, 2)).toEqual([404, 'record-absent']);
    const unexplained = await officer('POST', pathOf(first), { content: changed }, { 'if-match': 'W/"2"' });
    expect(await refusedBy(unexplained)).toEqual([400, 'unfit-record', "The request's reason is missing."]);
  });

  it('is written by one of those who write its next version at once, and the others are told', async () => {
    const first = await writtenBy(await officer('POST', '/records/device', { content: A_DEVICE }));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        officer('POST', pathOf(first), { content: { ...A_DEVICE, name: `name ${i}` }, reason: 'race' }, { 'if-match': 'W/"1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 412)]);
    const [{ versions }] = await wetread.sql<{ versions: number }>(
      'SELECT count(*)::int AS versions FROM regulatory_record WHERE id = $1',
      [first.id],
    );
    expect(versions).toBe(2);
  });

  it('is on the ledger as it is written, in the same transaction, and as it is looked at', async () => {
    const record = await writtenBy(await officer('POST', '/records/device', { content: A_DEVICE, reason: 'for the ledger' }));
    await officer('GET', pathOf(record));
    await officer('GET', '/records/device');
    const events = (
      await wetread.sql<{ event: string }>(
        `SELECT event FROM ledger_record WHERE entity_type = 'RegulatoryRecord' AND entity_id = $1 ORDER BY id`,
        [record.id],
      )
    ).map(({ event }) => JSON.parse(event) as Record<string, unknown>);
    expect(events).toMatchObject([
      {
        action: 'evidence.recorded',
        actor: record.createdBy,
        door: 'evidence',
        entity: { type: 'RegulatoryRecord', id: record.id, version: 1 },
        changes: { type: 'device', sha256: record.sha256 },
        reason: 'for the ledger',
      },
      { action: 'data.fetched', entity: { id: record.id, version: 1 }, door: 'evidence' },
    ]);
    const searches = await wetread.sql(`SELECT FROM ledger_record WHERE entity_type = 'RegulatoryRecord' AND entity_id = 'search'`);
    expect(searches).toHaveLength(1);
  });

  it('is found page by page, each in its newest version', async () => {
    for (const id of ['page-a', 'page-b', 'page-c', 'page-d', 'page-e'])
      await writtenBy(await officer('POST', '/records/intended-use', { id, content: AN_INTENDED_USE }));
    await officer('POST', '/records/intended-use/page-c', { content: AN_INTENDED_USE, reason: 'again' }, { 'if-match': '*' });
    const found: string[] = [];
    let path: string | undefined = '/evidence/records/intended-use?count=2&after=page';
    while (path !== undefined) {
      const page = (await (await officer('GET', path.slice('/evidence'.length))).json()) as { records: GivenRecord[]; next?: string };
      found.push(...page.records.map(({ id, version }) => `${id}/${version}`));
      path = page.next;
    }
    expect(found).toEqual(['page-a/1', 'page-b/1', 'page-c/2', 'page-d/1', 'page-e/1']);
    for (const query of ['count=0', 'count=201', 'count=x', 'after=A%00', 'count=1&count=2'])
      expect((await refusedBy(await officer('GET', `/records/intended-use?${query}`))).slice(0, 2)).toEqual([400, 'unfit-record']);
  });
});

describe('What a record holds', () => {
  it.each([
    ['device', { ...A_DEVICE, name: '' }, "The content's name must be text that is not empty."],
    ['device', { ...A_DEVICE, udiDi: 'with blanks' }, "The content's udiDi must be letters, digits and $ % * + . / -, 25 at most."],
    ['device', { ...A_DEVICE, colour: 'red' }, 'The content has an unknown member "colour".'],
    ['device', { ...A_DEVICE, name: 'a\u0000b' }, "The content's name must be text without control characters."],
    ['device', { ...A_DEVICE, name: 'half \ud83d' }, "The content's name must be text without control characters."],
    ['device', [], 'The content must be an object.'],
    ['intended-use', { ...AN_INTENDED_USE, modality: [] }, "The content's modality must name at least one."],
    ['intended-use', { ...AN_INTENDED_USE, indications: ['a', 7] }, "The content's indications[1] must be text that is not empty."],
    ['intended-use', { ...AN_INTENDED_USE, limits: undefined }, "The content's limits is missing."],
    ['model-version', { name: 'chest-pneumonia', version: '1', bytes: 7 }, 'The content has an unknown member "bytes".'],
  ])('of the type %s is checked, and the place that is wrong is named: %#', async (type, content, detail) => {
    expect(await refusedBy(await officer('POST', `/records/${type}`, { content }))).toEqual([422, 'unfit-content', detail]);
  });

  it('is of a known type, under an id that can be one, and beside nothing else', async () => {
    expect((await refusedBy(await officer('POST', '/records/recipe', { content: {} }))).slice(0, 2)).toEqual([404, 'record-type-unknown']);
    for (const body of [{ id: 'Upper', content: A_DEVICE }, { content: A_DEVICE, version: 7 }, {}, [], 'x'])
      expect((await refusedBy(await officer('POST', '/records/device', body))).slice(0, 2)).toEqual([400, 'unfit-record']);
  });

  it('is told as a JSON Schema of each type', async () => {
    const { types } = (await (await officer('GET', '/record-types')).json()) as {
      types: { type: string; title: string; description: string; schema: { required: string[]; properties: Record<string, object> } }[];
    };
    expect(types.map(({ type }) => type)).toEqual(['device', 'intended-use', 'model-version', 'model-card', 'classification-decision']);
    for (const { title, description, schema } of types) {
      expect([title, description].every((text) => text.length > 5)).toBe(true);
      expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', additionalProperties: false });
    }
    expect(types[1].schema.required).toEqual(Object.keys(AN_INTENDED_USE));
    expect(types[2].schema.required).toEqual(['name', 'version']);
  });
});

describe('The regulatory file', () => {
  it('is written by whom their role lets, and looked at by whom it lets', async () => {
    const record = await writtenBy(await officer('POST', '/records/device', { content: A_DEVICE }));
    for (const role of ROLES) {
      const asks = await asksWith(wetread, maker, {
        roles: [role],
        kind: role === 'system' ? 'system' : 'person',
        scope: role === 'system' ? 'system/*.cruds' : 'user/*.cruds',
        ...(role === 'patient' && { patient: 'x' }),
      });
      const { operations } = ROLE_PERMITS[role];
      const [look, write] = [operations.includes('evidence.look'), operations.includes('evidence.regulate')];
      expect([role, write]).toEqual([role, role === 'regulatory' || role === 'validation-lead']);
      expect([role, (await asks('POST', '/records/device', { content: A_DEVICE })).status]).toEqual([role, write ? 201 : 403]);
      expect([role, (await asks('GET', pathOf(record))).status]).toEqual([role, look ? 200 : 403]);
      expect([role, (await asks('GET', '/records/device')).status]).toEqual([role, look ? 200 : 403]);
    }
    const looking = await asksWith(wetread, maker, { roles: ['regulatory'], scope: 'user/*.rs' });
    expect((await looking('GET', pathOf(record))).status).toBe(200);
    expect((await looking('POST', '/records/device', { content: A_DEVICE })).status).toBe(403);
    const byName = await asksWith(wetread, maker, { roles: ['regulatory'], scope: 'openid wetread/evidence.regulate' });
    expect((await byName('POST', '/records/device', { content: A_DEVICE })).status).toBe(201);
    expect((await wetread.fetch(`/evidence${pathOf(record)}`)).status).toBe(401);
    const [{ refused }] = await wetread.sql<{ refused: number }>(
      `SELECT count(*)::int AS refused FROM ledger_record WHERE entity_type = 'RegulatoryRecord' AND event::jsonb ->> 'action' = 'access.refused'
          AND event::jsonb ->> 'door' = 'evidence' AND event::jsonb #>> '{changes,status}' = '403'`,
    );
    expect(refused).toBeGreaterThan(ROLES.length); // whoever was refused is on record
  });

  it('is of one organisation: another one sees nothing of it, and may have a record of the same name', async () => {
    const ours = await writtenBy(await officer('POST', '/records/device', { id: 'same', content: A_DEVICE }));
    const other = await asksWith(wetread, maker, { roles: ['regulatory'], tenant: 2 });
    expect((await other('GET', pathOf(ours))).status).toBe(404);
    expect((await other('POST', pathOf(ours), { content: A_DEVICE, reason: 'theirs' }, { 'if-match': '*' })).status).toBe(404);
    expect(await (await other('GET', '/records/device')).json()).toEqual({ records: [] });
    const theirs = await writtenBy(await other('POST', '/records/device', { id: 'same', content: { ...A_DEVICE, name: 'theirs' } }));
    expect(theirs.version).toBe(1);
    expect(await (await officer('GET', pathOf(ours))).json()).toEqual(ours);
  });

  it('is changed by nobody, not even by the tables’ owner, and has no gaps nor hashes of something else', async () => {
    for (const statement of [`UPDATE regulatory_record SET content = '{}'`, 'DELETE FROM regulatory_record', 'TRUNCATE regulatory_record'])
      await expect(wetread.sql(statement)).rejects.toThrow(/append-only/);
    const insert = (version: number, text: string, hashed = text) =>
      wetread.sql(
        `INSERT INTO regulatory_record (type, id, version, content, sha256, reason, created_by)
         VALUES ('device', 'gap', $1, $2, sha256(convert_to($3, 'UTF8')), '', 'x')`,
        [version, text, hashed],
      );
    await expect(insert(2, '{}')).rejects.toThrow(/no gaps/);
    await expect(insert(0, '{}')).rejects.toThrow(/no gaps/);
    await expect(insert(1, '{}', '[]')).rejects.toThrow(/not that of its content/);
    await insert(1, '{}');
    await expect(insert(3, '{}')).rejects.toThrow(/no gaps/);
    await expect(insert(1, '{}')).rejects.toThrow(/regulatory_record_key/);
  });
});
