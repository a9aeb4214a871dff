import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bundle, OperationOutcome } from 'fhir/r4.js';
import { TokenMaker, type TokenAsked } from './tokens.js';
import { Wetread } from './wetread.js';

/** What an edit gives to who may change and not read: that it is done, and nothing of what is there. */
const JSON_PATCH = 'application/json-patch+json';
const FHIR = 'application/fhir+json';
const SECRET = 'nobody told this app';
const WHOLE = { prefer: 'return=representation' };

let wetread: Wetread;
let maker: TokenMaker;
let all: Record<string, string>;
let changing: Record<string, string>;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  all = await by({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  changing = { ...(await by({ scope: 'user/Observation.u' })), ...WHOLE };
  await fhir('PUT', 'Patient/pa', all, { resourceType: 'Patient', id: 'pa' });
});
afterAll(() => wetread.remove());

const by = (asked: TokenAsked): Promise<Record<string, string>> => maker.headers(asked);
const fhir = (method: string, path: string, headers: Record<string, string>, body?: object, type = FHIR) =>
  wetread.fetch(`/fhir/${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': type }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const observation = (more: object = {}) => ({
  resourceType: 'Observation',
  id: 'ob',
  status: 'final',
  code: { text: 'a finding' },
  subject: { reference: 'Patient/pa' },
  identifier: [{ system: 'urn:x', value: 'one' }],
  valueString: SECRET,
  ...more,
});
const ONE = 'identifier=urn:x|one';
/** Status, whether there is a body, whether a new version is told. */
const told = async (answer: Response): Promise<unknown[]> => [
  answer.status,
  await answer.text(),
  answer.headers.get('etag') !== null,
  answer.headers.get('location') !== null,
];
const code = async (answer: Response): Promise<unknown[]> => [
  answer.status,
  ((await answer.json()) as OperationOutcome).issue[0]?.details?.coding?.[0]?.code,
];
interface Entry {
  readonly response: { readonly status: string; readonly etag?: string; readonly location?: string };
  readonly resource?: unknown;
}
const entries = async (headers: Record<string, string>, type: 'batch' | 'transaction', ...entry: object[]): Promise<Entry[]> =>
  ((await (await fhir('POST', '', headers, { resourceType: 'Bundle', type, entry })).json()) as Bundle & { entry?: Entry[] }).entry ?? [];
const asPatch = (operations: object[]) => ({
  resourceType: 'Binary',
  contentType: JSON_PATCH,
  data: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
const asFhirPatch = (type: string, path: string) => ({
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [
        { name: 'type', valueCode: type },
        { name: 'path', valueString: path },
      ],
    },
  ],
});

beforeEach(async () => {
  const answer = await fhir('PUT', 'Observation/ob', all, observation());
  expect([200, 201]).toContain(answer.status);
});

describe('A token that may change and not read', () => {
  it('is told of a PUT that it was done, and not what it left', async () => {
    expect((await fhir('GET', 'Observation/ob', changing)).status).toBe(403);
    expect(await told(await fhir('PUT', 'Observation/ob', changing, observation({ note: [{ text: 'seen' }] })))).toEqual([
      200,
      '',
      true,
      true,
    ]);
    expect(await told(await fhir('PUT', 'Observation/ob', changing, observation({ note: [{ text: 'seen' }] })))).toEqual([
      200,
      '',
      true,
      true,
    ]);
    const plain = await by({ scope: 'user/Observation.u' }); // without a preference the whole is told
    expect(await told(await fhir('PUT', 'Observation/ob', plain, observation()))).toEqual([200, '', true, true]);
    const found = { ...(await by({ scope: 'user/Observation.us' })), ...WHOLE };
    expect(await told(await fhir('PUT', `Observation?${ONE}`, found, observation({ note: [{ text: 'again' }] })))).toEqual([
      200,
      '',
      true,
      true,
    ]);
    for (const type of ['batch', 'transaction'] as const)
      for (const url of ['Observation/ob', `Observation?${ONE}`]) {
        const [entry] = await entries(found, type, {
          request: { method: 'PUT', url },
          resource: observation({ note: [{ text: type + url }] }),
        });
        expect([type, url, entry]).toEqual([
          type,
          url,
          { response: expect.objectContaining({ status: '200 OK', etag: expect.any(String) }) },
        ]);
      }
  });

  it('patches nothing: a patch looks at what is there', async () => {
    const right = [{ op: 'test', path: '/valueString', value: SECRET }];
    const wrong = [{ op: 'test', path: '/valueString', value: 'a guess' }];
    const copied = [{ op: 'copy', from: '/valueString', path: '/language' }];
    const found = { ...(await by({ scope: 'user/Observation.us' })), ...WHOLE };
    for (const operations of [right, wrong, copied]) {
      expect(await code(await fhir('PATCH', 'Observation/ob', changing, operations, JSON_PATCH))).toEqual([403, 'not-permitted']);
      expect(await code(await fhir('PATCH', `Observation?${ONE}`, found, operations, JSON_PATCH))).toEqual([403, 'not-permitted']);
      for (const url of ['Observation/ob', `Observation?${ONE}`]) {
        const entry = { request: { method: 'PATCH', url }, resource: asPatch(operations) };
        expect((await entries(found, 'batch', entry))[0].response.status).toBe('403');
        expect(await code(await fhir('POST', '', found, { resourceType: 'Bundle', type: 'transaction', entry: [entry] }))).toEqual([
          403,
          'not-permitted',
        ]);
      }
    }
    const byPath = asFhirPatch('delete', `Observation.note.where(%resource.value = '${SECRET}')`);
    expect(await code(await fhir('PATCH', 'Observation/ob', changing, byPath))).toEqual([403, 'not-permitted']);
  });

  it('is not told by a conditional patch or deletion whether there is something that it would be of', async () => {
    const finding = await by({ scope: 'user/Observation.s' });
    for (const search of [ONE, 'identifier=urn:x|none']) {
      expect((await fhir('DELETE', `Observation?${search}`, finding)).status).toBe(403);
      for (const [method, resource] of [
        ['DELETE', undefined],
        ['PATCH', asPatch([])],
        ['PUT', observation({ id: undefined })],
      ] as const) {
        const entry = { request: { method, url: `Observation?${search}` }, ...(resource && { resource }) };
        expect([method, search, (await entries(finding, 'batch', entry))[0].response.status]).toEqual([method, search, '403']);
        const whole = { resourceType: 'Bundle', type: 'transaction', entry: [entry] };
        expect([method, search, (await fhir('POST', '', finding, whole)).status]).toEqual([method, search, 403]);
      }
    }
  });

  it('that may read, too, is told all of it, and patches', async () => {
    const both = { ...(await by({ scope: 'user/Observation.ru' })), ...WHOLE };
    const answer = await fhir('PATCH', 'Observation/ob', both, [{ op: 'test', path: '/valueString', value: SECRET }], JSON_PATCH);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining(SECRET)]);
    const put = await fhir('PUT', 'Observation/ob', both, observation({ note: [{ text: 'more' }] }));
    expect([put.status, await put.text()]).toEqual([200, expect.stringContaining(SECRET)]);
  });
});

describe('What an edit leaves is shown', () => {
  it('as far as what it is then may be read', async () => {
    const narrow = { ...(await by({ scope: 'user/Observation.u user/Observation.r?status=preliminary' })), ...WHOLE };
    expect(await told(await fhir('PUT', 'Observation/ob', narrow, observation({ status: 'amended' })))).toEqual([200, '', true, true]);
    const preliminary = await fhir('PUT', 'Observation/ob', narrow, observation({ status: 'preliminary' }));
    expect([preliminary.status, await preliminary.text()]).toEqual([200, expect.stringContaining(SECRET)]);
    const patch = [{ op: 'replace', path: '/status', value: 'final' }];
    expect(await told(await fhir('PATCH', 'Observation/ob', narrow, patch, JSON_PATCH))).toEqual([200, '', true, true]);
    expect((await fhir('PATCH', 'Observation/ob', narrow, patch, JSON_PATCH)).status).toBe(404);
  });

  it('of what was made by who may make it, and not read, not at all', async () => {
    const making = { ...(await by({ scope: 'user/Observation.c' })), ...WHOLE };
    expect(await told(await fhir('POST', 'Observation', making, observation({ id: undefined, identifier: undefined })))).toEqual([
      201,
      '',
      true,
      true,
    ]);
    const binary = { resourceType: 'Binary', contentType: 'text/plain', data: 'AAAA', securityContext: { reference: 'Patient/pa' } };
    const files = { ...(await by({ scope: 'user/Binary.cr' })), ...WHOLE };
    expect(await told(await fhir('POST', 'Binary', files, binary))).toEqual([201, '', true, true]);
  });
});

describe('A conditional creation', () => {
  it('needs the right to create, whether it finds something or not', async () => {
    const finding = { ...(await by({ scope: 'user/Observation.s' })), ...WHOLE };
    for (const search of [ONE, 'identifier=urn:x|none']) {
      const entry = { request: { method: 'POST', url: 'Observation', ifNoneExist: search }, resource: observation({ id: undefined }) };
      const [answer] = await entries(finding, 'batch', entry);
      expect([search, answer.response.status, JSON.stringify(answer).includes(SECRET)]).toEqual([search, '403', false]);
      const refused = await fhir('POST', '', finding, { resourceType: 'Bundle', type: 'transaction', entry: [entry] });
      expect([search, ...(await code(refused))]).toEqual([search, 403, 'not-permitted']);
    }
  });

  it('shows what it finds to who may read it, and to no other', async () => {
    for (const [scope, isShown] of [
      ['user/Observation.cs', false],
      ['user/Observation.crs', true],
    ] as const) {
      const headers = { ...(await by({ scope })), ...WHOLE };
      const answer = await fhir('POST', 'Observation', { ...headers, 'if-none-exist': ONE }, observation({ id: undefined }));
      expect([scope, answer.status, (await answer.text()).includes(SECRET)]).toEqual([scope, 200, isShown]);
      const entry = { request: { method: 'POST', url: 'Observation', ifNoneExist: ONE }, resource: observation({ id: undefined }) };
      for (const type of ['batch', 'transaction'] as const) {
        const [found] = await entries(headers, type, entry);
        expect([scope, type, found.response.status, 'resource' in found]).toEqual([scope, type, '200 OK', isShown]);
      }
    }
  });
});
