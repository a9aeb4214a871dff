import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { storeAll } from './fhir-fixtures.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  await storeAll(wetread);
});
afterAll(() => wetread.remove());

const bundle = (search: string) => wetread.json<Bundle>(`/fhir/${search}`, FHIR_JSON);
const ids = async (search: string, mode = 'match'): Promise<string[]> =>
  ((await bundle(search)).entry ?? []).filter(({ search: found }) => found?.mode === mode).map(({ resource }) => resource?.id ?? '');

describe('Operations (R4 operations.html)', () => {
  it('$everything gives the compartment of a patient, and what it refers to', async () => {
    const all = await bundle('Patient/ada/$everything');
    const of = (mode: string) =>
      all.entry
        ?.filter(({ search }) => search?.mode === mode)
        .map(({ resource }) => resource?.id)
        .sort();
    expect(of('match')).toEqual(['ada', 'o1', 'o2', 'order', 'r1', 'r2', 'study']);
    expect(of('include')).toEqual(['ward']); // whom the patient is managed by
    expect(all.total).toBe(7);
    expect(all.link?.[0].url).toBe(`${wetread.url}/fhir/Patient/ada/$everything`);
    const some = await bundle('Patient/ada/$everything?_type=Observation,DiagnosticReport&_count=3');
    expect(some.entry?.filter(({ search }) => search?.mode === 'match')).toHaveLength(3);
    const next = some.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '') ?? '';
    expect((await bundle(next)).entry?.filter(({ search }) => search?.mode === 'match')).toHaveLength(1);
    expect((await bundle('Patient/ada/$everything?_since=2999-01-01T00:00:00Z')).entry).toBeUndefined();
    expect((await wetread.fetch('/fhir/Patient/nobody/$everything')).status).toBe(404);
    const within = async (query: string): Promise<string[]> => (await ids(`Patient/ada/$everything?${query}`)).sort();
    const undated = await within('start=2999');
    expect(await within('start=2026-01&end=2026-01')).toEqual([...undated, 'r1', 'study'].sort());
    expect(await within('start=2026-02')).toEqual([...undated, 'r2'].sort());
    expect(undated).toEqual(expect.arrayContaining(['ada', 'order']));
    expect(undated).not.toContain('r1');
    for (const query of ['start=yesterday', 'shoe=2020'])
      expect((await wetread.fetch(`/fhir/Patient/ada/$everything?${query}`)).status).toBe(400);
  });

  it('is asked by POST too, with Parameters (R4 operations.html#executing)', async () => {
    const post = async (path: string, parameter: object[], accept = FHIR_JSON) => {
      const body = JSON.stringify({ resourceType: 'Parameters', ...(parameter.length > 0 && { parameter }) });
      const answer = await wetread.fetch(`/fhir/${path}`, { method: 'POST', headers: { 'content-type': FHIR_JSON, accept }, body });
      return { status: answer.status, body: (await answer.json()) as Bundle & { parameter?: unknown[] } };
    };
    const typed = [
      { name: '_type', valueString: 'Observation,DiagnosticReport' },
      { name: '_count', valueInteger: 3 },
    ];
    const some = await post('Patient/ada/$everything', typed);
    const asked = await bundle('Patient/ada/$everything?_type=Observation,DiagnosticReport&_count=3');
    expect(some.status).toBe(200);
    expect(some.body.entry?.map(({ fullUrl }) => fullUrl)).toEqual(asked.entry?.map(({ fullUrl }) => fullUrl));
    expect(some.body.link).toEqual(asked.link);
    const last = await post('Observation/$lastn', [
      { name: 'patient', valueString: 'ada' },
      { name: 'max', valueInteger: 1 },
    ]);
    expect(last.body.entry?.map(({ fullUrl }) => fullUrl)).toEqual(
      (await bundle('Observation/$lastn?patient=ada&max=1')).entry?.map(({ fullUrl }) => fullUrl),
    );
    expect((await post('Patient/ada/$meta', [])).body.parameter).toHaveLength(1);
    expect((await post('DiagnosticReport/r1/$document', [])).body).toMatchObject({ resourceType: 'Bundle', type: 'document' });
    expect((await post('Observation/$lastn', [{ name: 'max', valueInteger: 0 }])).status).toBe(400);
    expect((await post('Patient/ada/$everything', [{ name: 'shoe', valueString: 'x' }])).status).toBe(400);
  });

  it('$everything of a patient whom nothing refers to is the patient', async () => {
    const init = { method: 'PUT', headers: { 'content-type': FHIR_JSON }, body: '{"resourceType":"Patient","id":"alone"}' };
    expect((await wetread.fetch('/fhir/Patient/alone', init)).status).toBe(201);
    expect(await ids('Patient/alone/$everything')).toEqual(['alone']);
    expect(await ids('Patient/alone/$everything?_type=Observation')).toEqual([]);
  });

  it('$lastn gives the last of each code', async () => {
    const lab = (id: string, code: string, effectiveDateTime: string | undefined) => ({
      resourceType: 'Observation',
      id,
      status: 'final',
      code: { coding: [{ system: 'urn:lab', code }] },
      subject: { reference: 'Patient/last' },
      effectiveDateTime,
    });
    const labs = [
      lab('a1', 'a', '2026-01-01'),
      lab('a2', 'a', '2026-01-02'),
      lab('a3', 'a', '2026-01-02'),
      lab('b1', 'b', undefined),
      lab('b2', 'b', '2020'),
    ];
    for (const one of labs) {
      const init = { method: 'PUT', headers: { 'content-type': FHIR_JSON }, body: JSON.stringify(one) };
      expect((await wetread.fetch(`/fhir/Observation/${one.id}`, init)).status).toBe(201);
    }
    expect((await ids('Observation/$lastn?patient=last')).sort()).toEqual(['a2', 'a3', 'b2']);
    expect((await ids('Observation/$lastn?patient=last&max=2')).sort()).toEqual(['a2', 'a3', 'b1', 'b2']);
    expect(await ids('Observation/$lastn?patient=last&code=urn:lab|b')).toEqual(['b2']);
    for (const wrong of ['code=a', 'patient=last&max=0', 'patient=last&shoe=1'])
      expect((await wetread.fetch(`/fhir/Observation/$lastn?${wrong}`)).status).toBe(400);
  });

  it('$meta of a type, and of all, gives what is in use there, each once', async () => {
    type Labels = { parameter?: [{ valueMeta: { profile?: string[]; tag?: object[]; security?: { code?: string }[] } }] };
    const meta = async (path: string) => (await wetread.json<Labels>(`/fhir/${path}`, FHIR_JSON)).parameter?.[0].valueMeta;
    expect(await meta('DiagnosticReport/$meta')).toEqual({
      profile: ['http://hl7.org/fhir/StructureDefinition/x'],
      tag: [{ system: 'urn:tag', code: 'night' }],
    });
    expect(await meta('Specimen/$meta')).toBeUndefined();
    expect((await meta('$meta'))?.tag).toEqual([{ system: 'urn:tag', code: 'night' }]);
    const put = (id: string, tags: object[]) =>
      wetread.fetch(`/fhir/Location/${id}`, {
        method: 'PUT',
        headers: { 'content-type': FHIR_JSON },
        body: JSON.stringify({ resourceType: 'Location', id, meta: { tag: tags, security: [{ code: 'R' }] } }),
      });
    await put('l1', [{ system: 'urn:a', code: 'x' }, { code: 'x' }]);
    await put('l2', [{ system: 'urn:a', code: 'x' }, { system: 'urn:b' }]);
    const found = await meta('Location/$meta');
    expect(found?.security).toEqual([{ code: 'R' }]);
    expect(found?.tag).toHaveLength(3);
    expect(found?.tag).toEqual(expect.arrayContaining([{ system: 'urn:a', code: 'x' }, { code: 'x' }, { system: 'urn:b' }]));
    await wetread.fetch('/fhir/Location/l2', { method: 'DELETE' });
    expect((await meta('Location/$meta'))?.tag).toHaveLength(2);
    const posted = await wetread.fetch('/fhir/Location/$meta', { method: 'POST', headers: { accept: FHIR_JSON } });
    expect([posted.status, ((await posted.json()) as Labels).parameter?.[0].valueMeta]).toEqual([200, await meta('Location/$meta')]);
    expect((await wetread.fetch('/fhir/Nonsense/$meta')).status).toBe(404);
  });

  it('$meta gives the tags and profiles alone', async () => {
    const { parameter } = await wetread.json<{ parameter: { valueMeta: { tag: unknown } }[] }>(
      '/fhir/DiagnosticReport/r1/$meta',
      FHIR_JSON,
    );
    expect(parameter[0].valueMeta.tag).toEqual([{ system: 'urn:tag', code: 'night' }]);
  });

  it('gives parts of resources where they are asked for', async () => {
    const { entry = [] } = await bundle('DiagnosticReport?_id=r1&_elements=subject');
    expect(Object.keys(entry[0].resource ?? {})).toEqual(['resourceType', 'id', 'meta', 'status', 'code', 'subject']);
    expect((await wetread.json<{ meta: { tag: unknown[] } }>('/fhir/DiagnosticReport/r1?_summary=true', FHIR_JSON)).meta.tag).toHaveLength(
      2,
    );
    for (const query of ['_summary=count', '_summary=count&_count=1', '_count=1&_summary=count']) {
      const { total, entry: none } = await bundle(`DiagnosticReport?patient=ada&${query}`);
      expect([total, none]).toEqual([2, undefined]);
    }
    expect((await wetread.fetch('/fhir/DiagnosticReport/r1?_summary=all')).status).toBe(400);
  });
});
