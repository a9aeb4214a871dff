import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { eventually, Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
interface Manifest {
  readonly transactionTime: string;
  readonly request: string;
  readonly requiresAccessToken: boolean;
  readonly output: readonly { readonly type: string; readonly url: string; readonly count: number }[];
  readonly deleted: readonly { readonly url: string }[];
  readonly error: readonly unknown[];
}

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  for (const [id, patient] of [
    ['a', 'one'],
    ['b', 'one'],
    ['c', 'two'],
  ] as const) {
    await put({ resourceType: 'Patient', id: patient, name: [{ family: patient }] });
    await put({
      resourceType: 'Observation',
      id,
      status: id === 'a' ? 'final' : 'preliminary',
      code: { text: 'x' },
      subject: { reference: `Patient/${patient}` },
    });
  }
  await put({ resourceType: 'Organization', id: 'org', name: 'no patient’s' });
  await put({ resourceType: 'Group', id: 'some', type: 'person', actual: true, member: [{ entity: { reference: 'Patient/one' } }] });
  await put({ resourceType: 'Group', id: 'none', type: 'person', actual: true });
  await settled();
});
afterAll(() => wetread.remove());

const put = async (resource: FhirResource): Promise<void> => {
  const init = { method: 'PUT', headers: { 'content-type': FHIR_JSON }, body: JSON.stringify(resource) };
  expect([200, 201]).toContain((await wetread.fetch(`/fhir/${resource.resourceType}/${resource.id}`, init)).status);
};
/** An export gives what was there a second ago: of that nothing can come to be known any more. */
const settled = (): Promise<void> => new Promise((later) => setTimeout(later, 1_100));
const begin = (path: string, headers: Record<string, string> = { prefer: 'respond-async' }): Promise<Response> =>
  wetread.fetch(`/fhir/${path}`, { headers });
const manifestOf = async (path: string): Promise<Manifest> => {
  const begun = await begin(path);
  expect(begun.status).toBe(202);
  return ready(begun.headers.get('content-location') ?? '');
};
/** The manifest of an export, once it is counted. */
const ready = (place: string): Promise<Manifest> =>
  eventually(async () => {
    const answer = await fetch(place);
    if (answer.status === 202) return undefined;
    expect(answer.status).toBe(200);
    return (await answer.json()) as Manifest;
  }, 'manifest');
const linesOf = async ({ url }: { readonly url: string }): Promise<FhirResource[]> => {
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/fhir+ndjson']);
  return (await answer.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FhirResource);
};
const idsOf = async (path: string): Promise<Record<string, (string | undefined)[]>> => {
  const { output } = await manifestOf(path);
  return Object.fromEntries(
    await Promise.all(output.map(async (file) => [file.type, (await linesOf(file)).map(({ id }) => id).sort()] as const)),
  );
};

describe('Bulk export (FHIR Bulk Data Access 2.0)', () => {
  it('gives every resource, a line each, with their number', async () => {
    const manifest = await manifestOf('$export?_outputFormat=application/fhir%2Bndjson');
    expect(manifest).toMatchObject({
      request: `${wetread.url}/fhir/$export?_outputFormat=application/fhir%2Bndjson`,
      requiresAccessToken: false,
      error: [],
      deleted: [],
    });
    expect(manifest.output.map(({ type, count }) => [type, count])).toEqual([
      ['CodeSystem', 1], // the server's own
      ['Group', 2],
      ['Observation', 3],
      ['Organization', 1],
      ['Patient', 2],
      ['SearchParameter', 3],
      ['StructureDefinition', 7],
    ]);
    const lines = await linesOf(manifest.output[2]);
    expect(lines[0]).toEqual(await wetread.json('/fhir/Observation/a', FHIR_JSON));
  });

  it.each<[string, string, Record<string, string[]>]>([
    ['some types', '$export?_type=Patient,Organization', { Organization: ['org'], Patient: ['one', 'two'] }],
    ['what meets a filter', '$export?_type=Observation&_typeFilter=Observation%3Fstatus%3Dfinal', { Observation: ['a'] }],
    [
      'what meets one of several',
      '$export?_type=Observation&_typeFilter=Observation%3Fstatus%3Dfinal&_typeFilter=Observation%3F_id%3Dc',
      { Observation: ['a', 'c'] },
    ],
    ['what is in patients’ compartments', 'Patient/$export', { Group: ['some'], Observation: ['a', 'b', 'c'], Patient: ['one', 'two'] }],
    ['what is in those of a group', 'Group/some/$export', { Group: ['some'], Observation: ['a', 'b'], Patient: ['one'] }],
    ['nothing of an empty group', 'Group/none/$export', {}],
    ['nothing since tomorrow', '$export?_since=2999-01-01T00:00:00Z', {}],
  ])('gives %s', async (_, path, expected) => {
    expect(await idsOf(path)).toEqual(expected);
  });

  it('gives what was there then, whatever is changed before it is fetched; the next one since then what was changed', async () => {
    await put({ resourceType: 'Location', id: 'kept', name: 'before' });
    await put({ resourceType: 'Location', id: 'gone', name: 'before' });
    await settled();
    const first = await manifestOf('$export?_type=Location');
    await put({ resourceType: 'Location', id: 'kept', name: 'after' });
    await put({ resourceType: 'Location', id: 'new', name: 'after' });
    await wetread.fetch('/fhir/Location/gone', { method: 'DELETE' });
    expect((await linesOf(first.output[0])).map((one) => [one.id, (one as { name?: string }).name]).sort()).toEqual([
      ['gone', 'before'],
      ['kept', 'before'],
    ]);
    await settled();
    const second = await manifestOf(`$export?_type=Location&_since=${encodeURIComponent(first.transactionTime)}`);
    expect((await linesOf(second.output[0])).map((one) => [one.id, (one as { name?: string }).name]).sort()).toEqual([
      ['kept', 'after'],
      ['new', 'after'],
    ]);
    const [gone] = (await linesOf(second.deleted[0])) as unknown as Bundle[];
    expect(gone.entry?.map(({ request }) => request)).toEqual([{ method: 'DELETE', url: 'Location/gone' }]);
  });

  it('by filters and compartments gives what met them then, and tells of what was deleted that did', async () => {
    const observation = (id: string, status: string, patient: string): FhirResource =>
      ({ resourceType: 'Observation', id, status, code: { text: 'x' }, subject: { reference: `Patient/${patient}` } }) as FhirResource;
    await put({ resourceType: 'Group', id: 'then', type: 'person', actual: true, member: [{ entity: { reference: 'Patient/then' } }] });
    await put({ resourceType: 'Patient', id: 'then' });
    for (const id of ['amended', 'moved', 'deleted', 'same']) await put(observation(`then-${id}`, 'registered', 'then'));
    await put(observation('then-other', 'registered', 'one'));
    await settled();
    const paths = [
      'Group/then/$export?_type=Observation',
      '$export?_type=Observation&_typeFilter=Observation%3Fstatus%3Dregistered%26patient%3Dthen',
    ];
    const [byGroup, byFilter] = await Promise.all(paths.map(manifestOf));
    await put(observation('then-amended', 'amended', 'then'));
    await put(observation('then-moved', 'registered', 'one'));
    await put(observation('then-new', 'registered', 'then'));
    for (const id of ['then-deleted', 'then-other']) await wetread.fetch(`/fhir/Observation/${id}`, { method: 'DELETE' });
    for (const { output } of [byGroup, byFilter]) {
      expect(output[0].count).toBe(4);
      expect((await linesOf(output[0])).map(({ id, meta }) => [id, meta?.versionId]).sort()).toEqual([
        ['then-amended', '1'],
        ['then-deleted', '1'],
        ['then-moved', '1'],
        ['then-same', '1'],
      ]);
    }
    await settled();
    const since = `_since=${encodeURIComponent(byGroup.transactionTime)}`;
    const told = async (path: string) => {
      const { output, deleted } = await manifestOf(path);
      const bundles = (await Promise.all(deleted.map(linesOf))).flat() as unknown as Bundle[];
      const files = await Promise.all(output.map(linesOf));
      return [
        files
          .flat()
          .map(({ id }) => id)
          .sort(),
        bundles.flatMap(({ entry = [] }) => entry.map(({ request }) => request?.url)),
      ];
    };
    expect(await told(`${paths[0]}&${since}`)).toEqual([['then-amended', 'then-new'], ['Observation/then-deleted']]);
    expect(await told(`${paths[1]}&${since}`)).toEqual([['then-new'], ['Observation/then-deleted']]);
    expect(await told(`Patient/$export?_type=Observation&${since}`)).toEqual([
      ['then-amended', 'then-moved', 'then-new'],
      ['Observation/then-deleted', 'Observation/then-other'],
    ]);
  });

  it('pages through what is more than a batch, each once', async () => {
    const entry = Array.from({ length: 1_500 }, (_, i) => ({
      resource: { resourceType: 'Specimen', id: `s${i}` },
      request: { method: 'PUT', url: `Specimen/s${i}` },
    }));
    const init = {
      method: 'POST',
      headers: { 'content-type': FHIR_JSON },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
    };
    expect((await wetread.fetch('/fhir', init)).status).toBe(200);
    await settled();
    const { Specimen: ids } = await idsOf('$export?_type=Specimen');
    expect([ids.length, new Set(ids).size]).toEqual([1_500, 1_500]);
  });

  it('is whole after the server was killed, as nothing of it lies anywhere', async () => {
    const begun = await begin('$export?_type=Patient');
    const place = new URL(begun.headers.get('content-location') ?? '').pathname;
    await wetread.kill();
    await wetread.launch();
    const { output } = await ready(`${wetread.url}${place}`);
    expect((await linesOf(output[0])).map(({ id }) => id)).toEqual(['one', 'then', 'two']);
  });

  it('is forgotten where that is asked for', async () => {
    const place = (await begin('$export')).headers.get('content-location') ?? '';
    expect((await fetch(place, { method: 'DELETE' })).status).toBe(202);
    for (const [path, init] of [
      [place, {}],
      [`${place}/Patient.ndjson`, {}],
      [place, { method: 'DELETE' }],
    ] as const)
      expect((await fetch(path, init)).status).toBe(404);
  });

  it('takes Parameters by POST', async () => {
    const parameter = [
      { name: '_type', valueString: 'Patient' },
      { name: '_since', valueInstant: '2020-01-01T00:00:00Z' },
    ];
    const begun = await wetread.fetch('/fhir/$export', {
      method: 'POST',
      headers: { 'content-type': FHIR_JSON, prefer: 'respond-async' },
      body: JSON.stringify({ resourceType: 'Parameters', parameter }),
    });
    const manifest = await ready(begun.headers.get('content-location') ?? '');
    expect(manifest.output.map(({ type }) => type)).toEqual(['Patient']);
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['that waits for the answer', '$export', {}, 400],
    ['of a type that there is not', '$export?_type=Medication', { prefer: 'respond-async' }, 400],
    ['by a filter that is none', '$export?_typeFilter=Patient%3Fshoe%3D1', { prefer: 'respond-async' }, 400],
    ['by a filter of another type', '$export?_type=Patient&_typeFilter=Group%3F_id%3D1', { prefer: 'respond-async' }, 400],
    ['since no time', '$export?_since=yesterday', { prefer: 'respond-async' }, 400],
    ['in another format', '$export?_outputFormat=csv', { prefer: 'respond-async' }, 400],
    ['with what it does not know', '$export?_shoe=1', { prefer: 'respond-async' }, 400],
    ['of a group that there is not', 'Group/nobody/$export', { prefer: 'respond-async' }, 404],
    ['of a type that has none', 'Device/$export', { prefer: 'respond-async' }, 404],
  ])('is refused %s', async (_, path, headers, status) => {
    expect((await begin(path, headers)).status).toBe(status);
  });
});
