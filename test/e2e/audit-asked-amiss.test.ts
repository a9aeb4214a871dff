import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FHIR_JSON, recordedBy } from './audit-trail.js';
import { bundleOf, get, ranBundle, statuses } from './bundle-requests.js';
import { Wetread } from './wetread.js';

/** What is wrong with a request by itself is found before anything is looked at for it. */
const QUERY = '{ studies(first: 1) { edges { node { id } } } }';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  await put('Patient/asked', { resourceType: 'Patient', id: 'asked', active: true });
  await put('Binary/asked', { resourceType: 'Binary', id: 'asked', contentType: 'text/plain', data: 'aGk=' });
});
afterAll(() => wetread.remove());

async function put(path: string, resource: object): Promise<void> {
  const headers = { 'content-type': FHIR_JSON };
  expect((await wetread.fetch(`/fhir/${path}`, { method: 'PUT', headers, body: JSON.stringify(resource) })).status).toBe(201);
}
const recorded = (work: () => Promise<unknown>) => recordedBy(wetread, work);
const kinds = async (work: () => Promise<unknown>) =>
  (await recorded(work)).map(({ subtype, entity, event }) => `${subtype} ${entity} ${event.outcome}`);

describe('The graph, asked for in a form that it has not,', () => {
  const byPost = (accept: string, query = QUERY) =>
    wetread.fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', accept }, body: JSON.stringify({ query }) });
  const byGet = (accept: string) =>
    wetread.fetch(`/graphql?query=${encodeURIComponent(QUERY)}`, { headers: { accept, 'apollo-require-preflight': '1' } });

  it.each([
    ['by POST', byPost],
    ['by GET', byGet],
  ])('%s answers 406, and looks at nothing', async (_, ask) => {
    const records = await recorded(async () => {
      const answer = await ask('audio/mpeg');
      expect([answer.status, await answer.json()]).toEqual([
        406,
        { errors: [expect.objectContaining({ extensions: { code: 'not-acceptable', status: 406 } })] },
      ]);
    });
    expect(records).toEqual([]);
  });

  it.each([
    ['*/*', 'application/json; charset=utf-8'],
    ['application/json; v=2', 'application/json; charset=utf-8'],
    ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json; charset=utf-8'],
  ])('in one that it has (%s) answers in that, on record as given', async (accept, type) => {
    const given = await kinds(async () => {
      const answer = await byPost(accept);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
      await answer.arrayBuffer();
    });
    expect(given).toEqual([' study/search success']);
  });
});

describe('A part of a resource that there is not', () => {
  it.each(['Patient/asked', 'Patient/asked/_history/1', 'Binary/asked', 'Binary/asked/_history/1'])(
    'of %s is refused, and not on record as read',
    async (path) => {
      const ask = async (query: string): Promise<number> => {
        const answer = await wetread.fetch(`/fhir/${path}?${query}`, { headers: { accept: FHIR_JSON } });
        await answer.arrayBuffer();
        return answer.status;
      };
      expect(await recorded(async () => expect(await ask('_summary=bogus')).toBe(400))).toEqual([]);
      expect(await recorded(async () => expect(await ask('_summary=true')).toBe(200))).toHaveLength(1);
    },
  );
});

describe('An entry of a batch or transaction', () => {
  const PATHS = ['Patient/asked', 'Patient/asked/_history/1', 'Patient/asked/_history', 'Patient/_history', 'Patient?_id=asked'];

  it.each(['batch', 'transaction'] as const)('of a %s is on record as what it is when it is asked by itself', async (type) => {
    const direct = await kinds(async () => {
      for (const path of PATHS) await (await wetread.fetch(`/fhir/${path}`)).arrayBuffer();
    });
    expect(direct.map((one) => one.split(' ', 1)[0])).toEqual(['read', 'vread', 'history-instance', 'history-type', 'search-type']);
    const entries = await kinds(async () =>
      expect(statuses(await ranBundle(wetread, bundleOf(type, ...PATHS.map(get))))).toEqual(PATHS.map(() => '200')),
    );
    expect(entries.toSorted()).toEqual(direct.toSorted());
  });

  it('that is refused, too', async () => {
    const absent = ['Patient/none', 'Patient/none/_history/1', 'Patient/none/_history'];
    const direct = await kinds(async () => {
      for (const path of absent) await (await wetread.fetch(`/fhir/${path}`)).arrayBuffer();
    });
    const entries = await kinds(() => ranBundle(wetread, bundleOf('batch', ...absent.map(get))));
    expect(direct.map((one) => one.split(' ', 1)[0])).toEqual(['read', 'vread', 'history-instance']);
    expect(entries.toSorted()).toEqual(direct.toSorted());
  });
});
