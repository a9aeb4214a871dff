import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, Observation, Patient } from 'fhir/r4.js';
import { found, onRecord } from './phantoms.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const JSON_PATCH = 'application/json-patch+json';
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
const aPatient = (identifier: string, more: object = {}) => ({ resourceType: 'Patient', identifier: [{ value: identifier }], ...more });
const created = async (resource: Readonly<Record<string, unknown>> & { resourceType: string }): Promise<string> =>
  ((await (await send('POST', resource.resourceType, resource)).json()) as { id: string }).id;
const looksAt = async (id: string) => (await onRecord(wetread, 'data.fetched')).filter(({ entity }) => entity.id === id).length;

describe('What changes the store', () => {
  it('is no form that any web page may send unasked', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://evil.example' };
    for (const path of ['', 'Patient', 'Patient/x/$validate'])
      expect((await send('POST', path, JSON.stringify(aPatient('evil')), form)).status).toBeGreaterThanOrEqual(400);
    expect(await found(wetread, 'Patient?identifier=evil')).toEqual([]);
  });

  it('is not done where its answer could not be given', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: aPatient('unanswered'), request: { method: 'POST', url: 'Patient' } }],
    };
    expect((await send('POST', 'Patient', aPatient('unanswered'), { accept: 'text/csv' })).status).toBe(406);
    expect((await send('POST', '', bundle, { accept: 'text/csv' })).status).toBe(406);
    const asking = { ...bundle, entry: [...bundle.entry, { request: { method: 'GET', url: 'Patient?_summary=bogus' } }] };
    expect((await send('POST', '', asking)).status).toBe(400);
    expect(await found(wetread, 'Patient?identifier=unanswered')).toEqual([]);
  });

  it('meets its condition still when its turn comes', async () => {
    for (let round = 0; round < 8; round++) {
      const id = await created(aPatient(`raced-${round}`));
      const [put, removed] = await Promise.all([
        send('PUT', `Patient/${id}`, aPatient(`moved-${round}`, { id })),
        send('DELETE', `Patient?identifier=raced-${round}`),
      ]);
      const left = await found(wetread, `Patient?identifier=moved-${round}`);
      // Either the deletion came first and the update made it anew, or the update came first and nothing met the condition.
      expect([put.ok, [204, 409].includes(removed.status), left.length]).toEqual([true, true, 1]);
    }
  });

  it('by a condition overwrites nothing that does not meet it', async () => {
    expect((await send('PUT', 'Patient/taken', aPatient('taken-1', { id: 'taken' }))).status).toBe(201);
    expect((await send('PUT', 'Patient?identifier=other', aPatient('other', { id: 'taken' }))).status).toBe(409);
    for (const [method, body] of [
      ['PUT', aPatient('none')],
      ['DELETE', undefined],
    ] as const)
      expect((await send(method, 'Patient?identifier=none', body, { 'if-match': 'W/"7"' })).status).toBe(412);
  });

  it('waits for a resource without taking the others’ connections', async () => {
    await send('PUT', 'Patient/hot', aPatient('hot', { id: 'hot' }));
    const writers = Array.from({ length: 60 }, (_, i) =>
      send('PUT', 'Patient/hot', aPatient('hot', { id: 'hot', multipleBirthInteger: i })),
    );
    expect((await send('GET', 'Patient?identifier=hot')).status).toBe(200);
    expect((await Promise.all(writers)).every(({ status }) => status === 200)).toBe(true);
    expect((await send('GET', 'Patient/hot')).headers.get('etag')).toMatch(/W\/"6[01]"/);
  });

  it('is on record as a look where it gives out what it did not change', async () => {
    const id = await created(aPatient('seen'));
    expect((await send('PATCH', `Patient/${id}`, [], { 'content-type': JSON_PATCH })).status).toBe(200);
    expect(await looksAt(id)).toBe(1);
    expect((await send('POST', 'Patient', aPatient('seen'), { 'if-none-exist': 'identifier=seen' })).status).toBe(200);
    expect(await looksAt(id)).toBe(2);
  });
});

describe('A JSON Patch', () => {
  const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
  const patched = async (
    operations: object[],
    start = '"valueQuantity":{"value":5.40},"component":[{"code":{"text":"c"},"valueQuantity":{"value":2.50}}]',
  ) => {
    const { id } = (await (await send('POST', 'Observation', `${JSON.stringify(observation).slice(0, -1)},${start}}`)).json()) as {
      id: string;
    };
    const answer = await send('PATCH', `Observation/${id}`, JSON.stringify(operations).replaceAll('"=', '').replaceAll('="', ''), {
      'content-type': JSON_PATCH,
    });
    return { status: answer.status, text: await answer.text() };
  };

  it('keeps the digits of what it adds and copies, and tests numbers by what they are', async () => {
    expect((await patched([{ op: 'add', path: '/valueQuantity', value: { value: '=7.30=' } }])).text).toContain('"value":7.30');
    expect((await patched([{ op: 'copy', from: '/component/0', path: '/component/-' }])).text.match(/"value":2.50/g)).toHaveLength(2);
    expect((await patched([{ op: 'test', path: '/valueQuantity/value', value: 5.4 }])).status).toBe(200);
  });

  it.each([
    ['adds to a number', [{ op: 'add', path: '/valueQuantity/value/x', value: 1 }]],
    ['has a pointer without a slash', [{ op: 'replace', path: 'status', value: 'final' }]],
    ['doubles without end', Array.from({ length: 40 }, () => ({ op: 'copy', from: '/component', path: '/component/-' }))],
  ])('that %s is refused, and the server goes on', async (_, operations) => {
    expect((await patched(operations)).status).toBe(422);
    expect((await wetread.fetch('/health/live')).status).toBe(200);
  });
});

describe('Resources at the edge of what may be', () => {
  it.each<[string, Readonly<Record<string, unknown>> & { resourceType: string }]>([
    ['nine million characters of base64', { resourceType: 'Binary', contentType: 'text/plain', data: 'AAAA'.repeat(2_250_000) }],
    [
      'a time in the year 1, east of Greenwich',
      { resourceType: 'Observation', status: 'final', code: { text: 'x' }, effectiveDateTime: '0001-01-01T00:00:00+14:00' },
    ],
    [
      'units of hundreds of characters',
      {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'x' },
        valueQuantity: { value: 1, unit: '字'.repeat(400), code: '字'.repeat(400), system: `urn:${'字'.repeat(400)}` },
      },
    ],
    [
      'tens of thousands of times',
      {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        subject: { display: 'x' },
        occurrenceTiming: { event: Array.from({ length: 60_000 }, () => '2026') },
      },
    ],
  ])('are stored and given back: %s', async (_, resource) => {
    const answer = await send('POST', resource.resourceType, resource);
    expect(answer.status).toBe(201);
    const { id } = (await answer.json()) as { id: string };
    const kept = await send('GET', `${resource.resourceType}/${id}`, undefined, { accept: FHIR_JSON }); // a Binary else as its content
    expect(await kept.json()).toMatchObject(resource);
  });

  it('come on pages of no more than some tens of megabytes, each once', async () => {
    const big = {
      resourceType: 'Binary',
      contentType: 'text/plain',
      securityContext: { display: 'pages' },
      data: 'AAAA'.repeat(3_000_000),
    };
    for (let i = 0; i < 4; i++) expect((await send('PUT', `Binary/big-${i}`, { ...big, id: `big-${i}` })).status).toBe(201);
    for (const start of ['Binary?_id=big-0,big-1,big-2,big-3&_sort=_id', 'Binary/_history']) {
      const seen: (string | undefined)[] = [];
      let pages = 0;
      for (let path: string | undefined = start; path !== undefined; pages++) {
        const page = (await (await send('GET', path)).json()) as Bundle;
        seen.push(...(page.entry ?? []).map(({ resource }) => resource?.id));
        path = page.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '');
      }
      expect(seen.filter((id) => id?.startsWith('big-')).sort()).toEqual(['big-0', 'big-1', 'big-2', 'big-3']);
      expect(pages).toBeGreaterThan(1);
    }
  });

  it('are the same with their members in another order', async () => {
    const id = await created({ resourceType: 'Patient', active: true, gender: 'male' });
    const again = await send('PUT', `Patient/${id}`, { gender: 'male', id, active: true, resourceType: 'Patient' });
    expect([again.status, again.headers.get('etag')]).toEqual([200, 'W/"1"']);
  });

  it('are found by a system without a code, and in a compartment by the server’s own address', async () => {
    const patient = await created(aPatient('absolute'));
    const observation: Observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'urn:sys-only' }] },
      subject: { reference: `${wetread.url}/fhir/Patient/${patient}` },
    };
    const id = await created(observation as never);
    expect((await found<Observation>(wetread, 'Observation?code=urn:sys-only|')).map((one) => one.id)).toEqual([id]);
    expect((await found<Patient>(wetread, `Patient/${patient}/Observation`)).map((one) => one.id)).toEqual([id]);
  });

  it('refer to this server’s own by its address as by none: stored, chained, included and exported alike, however it is asked', async () => {
    const patient = await created(aPatient('own-address'));
    const base = `${wetread.url}/fhir`;
    const reference = `${base}/Patient/${patient}`;
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference } };
    const [single, other] = [await created(observation as never), wetread.url.replace('127.0.0.1', 'localhost')];
    const bundle = (type: string) => ({
      resourceType: 'Bundle',
      type,
      entry: [{ resource: observation, request: { method: 'POST', url: 'Observation' } }],
    });
    for (const type of ['batch', 'transaction']) expect((await send('POST', '', bundle(type))).status).toBe(200);
    const all = await found<Observation>(wetread, `Observation?patient.identifier=own-address`);
    expect(all).toHaveLength(3);
    expect(all.map(({ subject }) => subject?.reference)).toEqual(Array(3).fill(`Patient/${patient}`));
    expect(all.map(({ id }) => id)).toContain(single);
    const asked = async (query: string) => ((await (await fetch(`${other}/fhir/${query}`)).json()) as { total: number }).total;
    expect(await asked(`Observation?patient=${patient}&status=final&_sort=-date`)).toBe(3);
    expect(await asked(`Patient/${patient}/Observation`)).toBe(3);
    expect(await asked(`Patient?_id=${patient}&_has:Observation:patient:status=final`)).toBe(1);
    // So are those that a patch brings.
    const patched = await wetread.fetch(`/fhir/Observation/${single}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json-patch+json' },
      body: JSON.stringify([{ op: 'add', path: '/focus', value: [{ reference }] }]),
    });
    expect(await patched.text()).toContain(`"focus":[{"reference":"Patient/${patient}"}]`);
    // What somebody may have signed is left as it is, and so is an address that is no reference.
    const document = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ fullUrl: 'urn:uuid:4b7a6b1e-9f0e-4b6f-8a5a-2f9f4c1c2d3e', resource: observation }],
    };
    const kept = await created(document as never);
    expect(await (await wetread.fetch(`/fhir/Bundle/${kept}`)).text()).toContain(`"reference":"${reference}"`);
    const endpoint = await created({ ...aPatient('photo'), photo: [{ url: reference }] } as never);
    expect(await (await wetread.fetch(`/fhir/Patient/${endpoint}`)).text()).toContain(`"url":"${reference}"`);
  });
});
