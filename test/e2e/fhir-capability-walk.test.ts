import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const shared = new URL('../../../../shared/fhir/valid/', import.meta.url);
const present = existsSync(shared);
if (!present) console.warn('../shared/fhir is absent: the walk over all interactions (2 tests) is skipped.');
const test = present ? it : it.skip;

/** The operations that there are anywhere, with a body that each takes. */
const OPERATIONS = [
  'validate',
  'meta',
  'everything',
  'lastn',
  'export',
  'document',
  'review',
  'status',
  'events',
  'get-ws-binding-token',
  'graphql',
  'access-log',
];

interface Sample {
  readonly id: string;
  readonly resourceType: string;
}
/** A small resource of each type that others wrote, without an id. */
function samples(): ReadonlyMap<string, Sample> {
  const smallest = new Map<string, { size: number; resource: Sample }>();
  for (const name of readdirSync(shared).filter((one) => !one.endsWith('-f1-fail.json'))) {
    const text = readFileSync(new URL(name, shared), 'utf8');
    const resource = JSON.parse(text) as Sample;
    const known = smallest.get(resource.resourceType);
    if (known === undefined || text.length < known.size) smallest.set(resource.resourceType, { size: text.length, resource });
  }
  return new Map([...smallest].map(([type, { resource }]) => [type, resource]));
}

let wetread: Wetread;
let resources: readonly CapabilityStatementRestResource[];
let statement: CapabilityStatement;
beforeAll(async () => {
  wetread = await Wetread.start();
  statement = await wetread.json<CapabilityStatement>('/fhir/metadata', FHIR_JSON);
  resources = statement.rest?.[0].resource ?? [];
});
afterAll(() => wetread.remove());

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
  const type = Array.isArray(body) ? 'application/json-patch+json' : FHIR_JSON;
  return wetread.fetch(`/fhir/${path}`, {
    method,
    headers: { accept: FHIR_JSON, ...(body && { 'content-type': type }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** A Subscription goes on to its next version by itself, as its endpoint is asked. */
const eventuallyKnown = async (path: string, tries = 5): Promise<boolean> => {
  const tag = (await ask('GET', path)).headers.get('etag') ?? '';
  const { status } = await ask('GET', path, undefined, { 'if-none-match': tag });
  return status === 304 || (tries > 0 && eventuallyKnown(path, tries - 1));
};

/** Which interactions a type has, as one finds who tries each (R4 http.html). */
async function interactionsOf(type: string, sample: Sample): Promise<Record<string, boolean>> {
  const id = `walk-${type.toLowerCase()}`;
  const { id: _id, ...without } = sample;
  const is = async (answer: Promise<Response>, ...statuses: number[]): Promise<boolean> => statuses.includes((await answer).status);
  const created = await ask('POST', type, without);
  const put = await ask('PUT', `${type}/${id}`, { ...sample, id });
  const own = `${type}/${id}`;
  const search = `_id=${id}`;
  return {
    create:
      created.status === 201 &&
      (await is(ask('GET', /fhir\/(.+)\/_history/.exec(created.headers.get('location') ?? '')?.[1] ?? 'none'), 200)),
    updateCreate: put.status === 201,
    update: await is(ask('PUT', own, { ...sample, id, language: 'en' }), 200),
    conditionalUpdate: await is(ask('PUT', `${type}?${search}`, { ...sample, id, language: 'de' }), 200),
    patch: await is(ask('PATCH', own, [{ op: 'add', path: '/language', value: 'fr' }]), 200),
    read: await is(ask('GET', own), 200),
    vread: await is(ask('GET', `${own}/_history/1`), 200),
    readHistory: await is(ask('GET', `${own}/_history/2`), 200),
    conditionalRead: await eventuallyKnown(own),
    'history-instance': await is(ask('GET', `${own}/_history`), 200),
    'history-type': await is(ask('GET', `${type}/_history`), 200),
    'search-type': await is(ask('GET', `${type}?${search}`), 200),
    conditionalCreate: await is(ask('POST', type, without, { 'if-none-exist': search }), 200),
    conditionalDelete: await is(ask('DELETE', `${type}?${search}`), 204),
    delete: (await is(ask('PUT', own, { ...sample, id }), 201)) && (await is(ask('DELETE', own), 204)) && (await is(ask('GET', own), 410)),
  };
}

describe('The capability statement', () => {
  test('claims the interactions that work, of every type, and no others', async () => {
    const kept = samples();
    const wrong: unknown[] = [];
    let walked = 0;
    const written = resources.filter(({ type }) => type !== 'AuditEvent'); // the server makes them itself: test/e2e/audit-events.test.ts
    for (const { type, interaction = [], ...claims } of written) {
      const claimed: Partial<Record<string, boolean>> = Object.fromEntries(interaction.map(({ code }) => [code, true]));
      for (const name of ['updateCreate', 'readHistory', 'conditionalCreate', 'conditionalUpdate'] as const)
        claimed[name] = claims[name] === true;
      claimed['conditionalRead'] = claims.conditionalRead === 'full-support';
      claimed['conditionalDelete'] = claims.conditionalDelete !== 'not-supported';
      const sample = kept.get(type) ?? SMALL[type];
      if (sample === undefined) throw new Error(`no resource of the type ${type} to try it with`);
      const found = await interactionsOf(type, sample);
      for (const [name, works] of Object.entries(found))
        if (works !== Boolean(claimed[name])) wrong.push({ type, name, works, claimed: claimed[name] });
      walked += Object.keys(found).length;
    }
    expect(wrong).toEqual([]);
    expect(walked).toBe(written.length * 15);
  });

  it('claims every type that is there, and no other is', async () => {
    for (const { type } of resources) expect([type, (await ask('GET', `${type}?_count=1`)).status]).toEqual([type, 200]);
    for (const type of ['Account', 'Medication', 'Immunization', 'Claim', 'Nonsense'])
      expect([type, (await ask('GET', `${type}?_count=1`)).status]).toEqual([type, 404]);
  });

  it('claims the operations that are there, of every type, and no others', async () => {
    const wrong: unknown[] = [];
    for (const { type, operation = [] } of resources) {
      const claimed = new Set(operation.map(({ name }) => name));
      for (const name of OPERATIONS) {
        // One that is there says of these what they lack, or finds no such resource; one that is not says that.
        const ways = [`${type}/$${name}`, `${type}/nobody/$${name}`].flatMap((path) =>
          ['GET', 'POST'].map((method) => [method, path] as const),
        );
        const there = await Promise.all(
          ways.map(async ([method, path]) => {
            const answer = await ask(method, path, method === 'POST' ? { resourceType: 'Parameters' } : undefined);
            const { issue = [] } = (await answer.json()) as { issue?: { details?: { coding?: { code?: string }[] } }[] };
            const codes = issue.flatMap(({ details }) => details?.coding?.map(({ code }) => code) ?? []);
            return !codes.some((code) => ['method-not-allowed', 'malformed-id', 'type-not-served'].includes(code ?? ''));
          }),
        );
        if (there.some(Boolean) !== claimed.has(name)) wrong.push({ type, name, claimed: claimed.has(name), there });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('claims what the whole server does, and it works', async () => {
    const claimed = (statement.rest?.[0].interaction ?? []).map(({ code }) => code).sort();
    const bundle = (type: string) => ({ resourceType: 'Bundle', type, entry: [{ request: { method: 'GET', url: 'Patient?_count=1' } }] });
    const tried = {
      batch: (await ask('POST', '', bundle('batch'))).status,
      'history-system': (await ask('GET', '_history?_count=1')).status,
      'search-system': (await ask('GET', '?_type=Patient&_count=1')).status,
      transaction: (await ask('POST', '', bundle('transaction'))).status,
    };
    expect(claimed).toEqual(Object.keys(tried));
    expect(Object.values(tried)).toEqual([200, 200, 200, 200]);
    expect(statement.rest?.[0].operation?.map(({ name }) => name)).toEqual(['export', 'graphql', 'meta']);
    expect((await ask('GET', '$export', undefined, { prefer: 'respond-async' })).status).toBe(202);
    expect((await ask('GET', '$meta')).status).toBe(200);
    expect((await ask('GET', '$graphql?query={__typename}')).status).toBe(200);
    for (const format of statement.format ?? []) expect((await wetread.fetch(`/fhir/metadata?_format=${format}`)).status).toBe(200);
  });
});

/** Of the types that the corpus has none of. */
const SMALL: Readonly<Record<string, Sample>> = Object.fromEntries(
  [
    { resourceType: 'CodeSystem', status: 'draft', content: 'not-present' },
    { resourceType: 'ValueSet', status: 'draft' },
    {
      resourceType: 'SearchParameter',
      url: 'urn:x:parameter',
      name: 'X',
      status: 'draft',
      description: 'x',
      code: 'x',
      base: ['Patient'],
      type: 'string',
    },
    {
      resourceType: 'StructureDefinition',
      url: 'urn:x:structure',
      name: 'X',
      status: 'draft',
      kind: 'logical',
      abstract: false,
      type: 'X',
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Element',
      differential: { element: [{ id: 'X', path: 'X' }] },
    },
  ].map((resource) => [resource.resourceType, { id: 'x', ...resource }]),
);
