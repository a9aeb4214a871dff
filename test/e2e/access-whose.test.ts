import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { TokenMaker, type TokenAsked } from './tokens.js';
import { Wetread } from './wetread.js';

/** Whose a resource is where its type does not say it: ways past that were found by looking for them. */
let wetread: Wetread;
let maker: TokenMaker;
let all: Record<string, string>;

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  all = await by({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  for (const id of ['pa', 'pb']) await put({ resourceType: 'Patient', id, name: [{ family: `Family-${id}` }] });
});
afterAll(() => wetread.remove());

const by = (asked: TokenAsked): Promise<Record<string, string>> => maker.headers(asked);
const fhir = (method: string, path: string, headers: Record<string, string>, body?: object) =>
  wetread.fetch(`/fhir/${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/fhir+json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const put = (resource: Readonly<Record<string, unknown>> & { readonly resourceType: string; readonly id: string }) =>
  fhir('PUT', `${resource.resourceType}/${resource.id}`, all, resource);
const statusOf = async (path: string, headers: Record<string, string>): Promise<number> => (await fhir('GET', path, headers)).status;
const inBatch = async (url: string, headers: Record<string, string>): Promise<string> =>
  (await fhir('POST', '', headers, { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url } }] })).text();

describe('A Binary that belongs to somebody else’s chart (R4 binary.html)', () => {
  const binary = (id: string, patient: string, data: string) =>
    put({ resourceType: 'Binary', id, contentType: 'text/plain', securityContext: { reference: `Patient/${patient}` }, data });
  let hers: Record<string, string>;
  beforeAll(async () => {
    await binary('of-bob', 'pb', 'Ym9i');
    await binary('of-ann', 'pa', 'YW5u');
    await binary('moved', 'pb', 'Ym9i');
    await binary('moved', 'pa', 'YW5u');
    hers = await by({ scope: 'launch/patient patient/*.rs user/Binary.rs', patient: 'pa' });
  });

  it('has no history for who may not read it, by itself or in a batch; of one that was, only the versions that are open', async () => {
    expect(await statusOf('Binary/of-bob/_history', hers)).toBe(404);
    expect(await inBatch('Binary/of-bob/_history', hers)).not.toContain('Ym9i');
    expect(await statusOf('Binary/of-ann/_history', hers)).toBe(200);
    const moved = await (await fhir('GET', 'Binary/moved/_history', hers)).text();
    expect([moved.includes('YW5u'), moved.includes('Ym9i')]).toEqual([true, false]);
  });

  it('is in no history of the type, and in no export, of who may not read all', async () => {
    expect([await statusOf('Binary/_history', hers), await statusOf('$export?_type=Binary', { ...hers, prefer: 'respond-async' })]).toEqual(
      [403, 403],
    );
    expect(await inBatch('Binary/_history', hers)).not.toContain('Ym9i');
    expect(await statusOf('Binary/$meta', hers)).toBe(403);
    const whole = await by({ scope: 'user/*.rs' });
    expect(await statusOf('Binary/_history', whole)).toBe(200);
    expect(await statusOf('$export?_type=Binary', { ...whole, prefer: 'respond-async' })).toBe(202);
  });
});

describe('The history of everything', () => {
  it('is given to who may read everything that it holds, without the record of accesses, which it does not hold', async () => {
    expect(await statusOf('$meta', await by({ scope: 'user/*.rs' }))).toBe(200);
    const answer = await fhir('GET', '_history?_count=5', await by({ scope: 'user/*.rs' }));
    expect([answer.status, ((await answer.json()) as Bundle).type]).toEqual([200, 'history']);
    expect(await statusOf('_history', await by({ roles: ['regulatory'], scope: 'user/*.rs' }))).toBe(403);
    expect(await statusOf('_history', await by({ scope: 'patient/*.rs', patient: 'pa' }))).toBe(403);
  });
});
