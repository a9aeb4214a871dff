import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, OperationOutcome, Patient } from 'fhir/r4.js';
import { aChestXray } from './instances.js';
import { found, idle, onRecord } from './phantoms.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  wetread.fetch(`/fhir/${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': FHIR_JSON }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const json = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
const aPatient = (family: string, more: Partial<Patient> = {}): Patient & Record<string, unknown> => ({
  resourceType: 'Patient',
  name: [{ family }],
  ...more,
});
const created = async (resource: Readonly<Record<string, unknown>> & { resourceType: string }): Promise<Patient & { id: string }> =>
  json(await send('POST', resource.resourceType, resource));
const versions = async (id: string) => json<Bundle>(await send('GET', `Patient/${id}/_history`));

describe('Create (R4 http.html#create)', () => {
  it('gives the resource an id and a first version, and says where it is', async () => {
    const answer = await send('POST', 'Patient', aPatient('One', { id: 'mine', meta: { versionId: '7', tag: [{ code: 't' }] } }));
    expect(answer.status).toBe(201);
    const patient = await json<Patient>(answer);
    expect(patient).toMatchObject({ name: [{ family: 'One' }], meta: { versionId: '1', tag: [{ code: 't' }] } });
    expect(patient.id).not.toBe('mine');
    expect(answer.headers.get('location')).toBe(`${wetread.url}/fhir/Patient/${patient.id}/_history/1`);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(await json(await send('GET', `Patient/${patient.id}`))).toEqual(patient);
  });

  it('keeps the digits of every decimal, and the order of whatever has one', async () => {
    const text = `{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00},"component":[
      {"code":{"text":"a"},"valueQuantity":{"value":0.010}},{"code":{"text":"b"},"valueQuantity":{"value":1.5e3}},
      {"code":{"text":"c"},"valueQuantity":{"value":123456789012345678.25}}]}`;
    const { id } = await json<{ id: string }>(await send('POST', 'Observation', text));
    const kept = await (await send('GET', `Observation/${id}`)).text();
    expect(kept.match(/"value":([^}]+)/g)).toEqual(['"value":1.00', '"value":0.010', '"value":1.5e3', '"value":123456789012345678.25']);
  });

  it('is refused with everything that is wrong with it, and where', async () => {
    const answer = await send('POST', 'Patient', { resourceType: 'Patient', gender: 'x', shoe: 1 });
    expect(answer.status).toBe(422);
    const { issue } = await json<OperationOutcome>(answer);
    expect(issue.flatMap(({ expression }) => expression)).toEqual(expect.arrayContaining(['Patient.gender', 'Patient.shoe']));
  });

  it('happens once where it is asked for twice on the same condition, even at the same moment', async () => {
    const patient = aPatient('Once', { identifier: [{ system: 'urn:mrn', value: 'once' }] });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => send('POST', 'Patient', patient, { 'if-none-exist': 'identifier=urn:mrn|once' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect(await found(wetread, 'Patient?identifier=urn:mrn|once')).toHaveLength(1);
    await created(patient);
    expect((await send('POST', 'Patient', patient, { 'if-none-exist': 'identifier=urn:mrn|once' })).status).toBe(412);
    expect((await send('POST', 'Patient', patient, { 'if-none-exist': '_pretty=true' })).status).toBe(400);
  });

  it.each([
    ['minimal', ''],
    ['OperationOutcome', '"resourceType":"OperationOutcome"'],
    ['representation', '"resourceType":"Patient"'],
  ])('answers as much as return=%s asks for', async (wanted, expected) => {
    const answer = await send('POST', 'Patient', aPatient('Two'), { prefer: `return=${wanted}` });
    const text = await answer.text();
    expect([answer.status, expected === '' ? text : text.includes(expected)]).toEqual([201, expected === '' ? '' : true]);
  });

  it('of many at once gives each its own', async () => {
    const made = await Promise.all(Array.from({ length: 40 }, (_, i) => created(aPatient(`Many${i}`))));
    expect(new Set(made.map(({ id }) => id)).size).toBe(40);
    expect(made.map(({ name }) => name?.[0].family)).toEqual(Array.from({ length: 40 }, (_, i) => `Many${i}`));
  });
});

describe('Update (R4 http.html#update)', () => {
  it('makes the next version, and of what says the same none', async () => {
    const patient = await created(aPatient('Before'));
    const next = { ...patient, name: [{ family: 'After' }] };
    const answer = await send('PUT', `Patient/${patient.id}`, next);
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, 'W/"2"']);
    expect((await send('PUT', `Patient/${patient.id}`, next)).headers.get('etag')).toBe('W/"2"');
    expect((await json<Patient>(await send('GET', `Patient/${patient.id}/_history/1`))).name).toEqual([{ family: 'Before' }]);
    expect(await found(wetread, `Patient?family=Before&_id=${patient.id}`)).toEqual([]);
    expect(await found(wetread, `Patient?family=After&_id=${patient.id}`)).toHaveLength(1);
  });

  it('creates the resource under an id that there is not', async () => {
    expect((await send('PUT', 'Patient/given-by-me', aPatient('Mine', { id: 'given-by-me' }))).status).toBe(201);
    expect((await send('PUT', 'Patient/given-by-me', aPatient('Mine', { id: 'given-by-me' }), { 'if-none-match': '*' })).status).toBe(412);
  });

  it('of two writers with the same If-Match lets one through', async () => {
    const { id } = await created(aPatient('Shared'));
    const writers = ['A', 'B'].map((family) => send('PUT', `Patient/${id}`, aPatient(family, { id }), { 'if-match': 'W/"1"' }));
    expect((await Promise.all(writers)).map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await send('PUT', `Patient/${id}`, aPatient('C', { id }), { 'if-match': '"x"' })).status).toBe(412);
    expect((await send('PUT', 'Patient/nobody-yet', aPatient('C', { id: 'nobody-yet' }), { 'if-match': 'W/"1"' })).status).toBe(412);
  });

  it('by a condition meets the one that is there, or creates it', async () => {
    const of = (family: string) => aPatient(family, { identifier: [{ value: 'conditional' }] });
    expect((await send('PUT', 'Patient?identifier=conditional', of('First'))).status).toBe(201);
    const second = await send('PUT', 'Patient?identifier=conditional', of('Second'));
    expect([second.status, second.headers.get('etag')]).toEqual([200, 'W/"2"']);
    await created(of('Third'));
    expect((await send('PUT', 'Patient?identifier=conditional', of('Fourth'))).status).toBe(412);
    expect((await send('PUT', 'Patient', of('Fifth'))).status).toBe(400);
  });
});

describe('Patch (R4 http.html#patch)', () => {
  const patch = (path: string, operations: unknown, headers: Record<string, string> = {}) =>
    send('PATCH', path, operations, { 'content-type': 'application/json-patch+json', ...headers });

  it('changes a part and leaves the digits of the rest', async () => {
    const text = '{"resourceType":"Observation","status":"preliminary","code":{"text":"x"},"valueQuantity":{"value":2.50}}';
    const { id } = await json<{ id: string }>(await send('POST', 'Observation', text));
    const answer = await patch(`Observation/${id}`, [{ op: 'replace', path: '/status', value: 'final' }]);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/"versionId":"2".*"status":"final".*"value":2.50/);
  });

  it.each<[string, unknown, number]>([
    ['whose place is not there', [{ op: 'remove', path: '/birthDate' }], 422],
    ['whose test fails', [{ op: 'test', path: '/name/0/family', value: 'Other' }], 422],
    ['that makes the resource invalid', [{ op: 'add', path: '/gender', value: 'x' }], 422],
    ['that makes another type of it', [{ op: 'replace', path: '/resourceType', value: 'Group' }], 400],
    ['that is none', [{ op: 'break', path: '/' }], 422],
    ['that is no list', {}, 422],
    ['that is no JSON', '[', 400],
    ['that reaches for the prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }], 422],
  ])('that fails leaves everything as it was: one %s', async (_, operations, status) => {
    const { id } = await created(aPatient('Whole'));
    expect((await patch(`Patient/${id}`, operations)).status).toBe(status);
    expect((await versions(id)).total).toBe(1);
  });

  it('is taken as a FHIRPath Patch too', async () => {
    const { id } = await created(aPatient('Path'));
    const part = [
      { name: 'type', valueCode: 'replace' },
      { name: 'path', valueString: 'Patient.name[0].family' },
      { name: 'value', valueString: 'Changed' },
    ];
    const answer = await send('PATCH', `Patient/${id}`, { resourceType: 'Parameters', parameter: [{ name: 'operation', part }] });
    expect([answer.status, (await json<Patient>(answer)).name]).toEqual([200, [{ family: 'Changed' }]]);
    // A profile that is not known is worth a warning, and refuses no patch.
    const declaring = { resourceType: 'Parameters', meta: { profile: ['urn:other'] }, parameter: [{ name: 'operation', part }] };
    expect((await send('PATCH', `Patient/${id}`, declaring)).status).toBe(200);
  });

  it('is for the version that If-Match names, and for the one resource that meets a condition', async () => {
    const { id } = await created(aPatient('Patched', { identifier: [{ value: 'patched' }] }));
    const operations = [{ op: 'add', path: '/active', value: true }];
    expect((await patch(`Patient/${id}`, operations, { 'if-match': 'W/"2"' })).status).toBe(412);
    expect((await patch('Patient?identifier=patched', operations, { 'if-match': 'W/"1"' })).status).toBe(200);
    expect((await patch('Patient?identifier=nobody', operations)).status).toBe(404);
  });
});

describe('Delete (R4 http.html#delete)', () => {
  it('leaves the versions before it, and the id to be written again', async () => {
    const patient = await created(aPatient('Gone'));
    expect((await send('DELETE', `Patient/${patient.id}`)).status).toBe(204);
    const gone = await send('GET', `Patient/${patient.id}`);
    expect([gone.status, gone.headers.get('etag')]).toEqual([410, 'W/"2"']);
    expect((await send('GET', `Patient/${patient.id}/_history/2`)).status).toBe(410);
    expect((await send('GET', `Patient/${patient.id}/_history/1`)).status).toBe(200);
    expect(await found(wetread, 'Patient?family=Gone')).toEqual([]);
    expect((await send('DELETE', `Patient/${patient.id}`)).status).toBe(204);
    expect((await send('PUT', `Patient/${patient.id}`, patient)).status).toBe(201);
    expect((await versions(patient.id)).entry?.map(({ request, response }) => [request?.method, response?.status])).toEqual([
      ['PUT', '200'],
      ['DELETE', '204'],
      ['POST', '201'],
    ]);
  });

  it('by a condition takes the one that meets it, and never several', async () => {
    for (const value of ['single', 'double', 'double']) await created(aPatient('X', { identifier: [{ value }] }));
    expect((await send('DELETE', 'Patient?identifier=single')).status).toBe(204);
    expect((await send('DELETE', 'Patient?identifier=double')).status).toBe(412);
    expect(await found(wetread, 'Patient?identifier=single,double')).toHaveLength(2);
  });
});

describe('What the server itself writes', () => {
  it('is not edited by clients', async () => {
    await wetread.store(aChestXray({ BodyPartExamined: 'HAND', PatientID: 'OWNED' }).bytes);
    await idle(wetread);
    const [patient] = await found<Patient>(wetread, 'Patient?identifier=OWNED');
    const { id = '' } = patient;
    const answers = [
      await send('PUT', `Patient/${id}`, { ...patient, gender: 'male' }),
      await send('DELETE', `Patient/${id}`),
      await send('PATCH', `Patient/${id}`, [{ op: 'add', path: '/active', value: false }], {
        'content-type': 'application/json-patch+json',
      }),
      await send('DELETE', 'Patient?identifier=OWNED'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
    expect(await json(await send('GET', `Patient/${id}`))).toEqual(patient);
  });
});

describe('History (R4 http.html#history)', () => {
  it('pages through the versions of a type without loss or repetition, newest first', async () => {
    const made = await Promise.all(Array.from({ length: 7 }, (_, i) => created({ resourceType: 'Location', name: `L${i}` })));
    for (const { id } of made) await send('PUT', `Location/${id}`, { resourceType: 'Location', id, name: 'again' });
    const seen: string[] = [];
    for (let path: string | undefined = 'Location/_history?_count=3'; path !== undefined;) {
      const page: Bundle = await json(await send('GET', path));
      seen.push(...(page.entry ?? []).map(({ resource }) => `${resource?.id} ${resource?.meta?.versionId}`));
      path = page.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '');
    }
    expect(seen).toHaveLength(14);
    expect(new Set(seen).size).toBe(14);
    expect(seen.slice(0, 7).every((one) => one.endsWith(' 2'))).toBe(true);
  });

  it('of all resources goes from a time, and to one', async () => {
    const { id, meta } = await created(aPatient('Timed'));
    const since = async (query: string) =>
      (await json<Bundle>(await send('GET', `_history?${query}`))).entry?.some(({ resource }) => resource?.id === id) ?? false;
    const at = encodeURIComponent(meta?.lastUpdated ?? '');
    expect([await since(`_since=${at}`), await since(`_at=${at}`), await since('_since=2999'), await since('_at=2000')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    await send('PUT', `Patient/${id}`, aPatient('Timed again', { id }));
    const own = async (query: string) => json<Bundle>(await send('GET', `Patient/${id}/_history?${query}`));
    const now = await own(`_at=${encodeURIComponent(new Date().toISOString())}`);
    expect(now.entry?.map(({ resource }) => resource?.meta?.versionId)).toEqual(['2']);
    expect((await own('_at=2999')).entry).toHaveLength(1);
    expect((await own('')).total).toBe(2);
    expect((await own('_since=2999')).total).toBeUndefined();
    expect((await send('GET', '_history?shoe=1')).status).toBe(400);
    expect((await send('GET', 'Patient/nobody-at-all/_history')).status).toBe(404);
  });
});

describe('The ledger', () => {
  it('has every edit, by what it was of and the hash of what it said, and no word of it', async () => {
    const { id } = await created(aPatient('Secretname'));
    await send('PUT', `Patient/${id}`, aPatient('Othername', { id }));
    await send('DELETE', `Patient/${id}`);
    const events = [
      ...(await onRecord(wetread, 'resource.created')),
      ...(await onRecord(wetread, 'resource.updated')),
      ...(await onRecord(wetread, 'resource.deleted')),
    ].filter((event) => JSON.stringify(event).includes(id));
    expect(events).toMatchObject([
      { entity: { type: 'Patient', id, version: 1 }, changes: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      { entity: { type: 'Patient', id, version: 2 } },
      { entity: { type: 'Patient', id, version: 3 } },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/Secretname|Othername/);
  });
});
