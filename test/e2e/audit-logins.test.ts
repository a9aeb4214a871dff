import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle, OperationOutcome } from 'fhir/r4.js';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Account } from '../../src/issuer/accounts.sql.js';
import { AnAuthorization, AnIssuer, CALLBACK, PASSWORD } from './an-issuer.js';
import { TokenMaker } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

const CHECK = fileURLToPath(new URL('../../src/ledger/commands/verify.js', import.meta.url));
const LOCAL = expect.stringContaining('127.0.0.1');
let wetread: Wetread;
let issuer: AnIssuer;
let maker: TokenMaker;
let auditor: Record<string, string>;
let administrator: Record<string, string>;
let clientId: string;
let ada: Account;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  issuer = new AnIssuer(wetread);
  maker = await TokenMaker.of(wetread);
  auditor = await maker.headers({ roles: ['regulatory'], scope: 'user/AuditEvent.rs' });
  administrator = await maker.headers({ roles: ['administrator'], claims: { sub: 'the-administrator' } });
  ({ clientId } = await issuer.app());
  ada = await issuer.account('ada', ['radiologist'], { fhirUser: 'Practitioner/ada' });
});
afterAll(async () => {
  await issuer.close();
  await wetread.remove();
});

/** What auditors find, the newest first. */
async function events(search: string): Promise<AuditEvent[]> {
  const answer = await wetread.fetch(`/fhir/AuditEvent?_count=50&${search}`, { headers: auditor });
  return (((await answer.json()) as Bundle<AuditEvent>).entry ?? []).flatMap(({ resource }) => resource ?? []);
}

const wordsOf = ({ text }: AuditEvent): string => (text?.div ?? '').replaceAll(/<[^>]*>/g, '');

async function errorsIn(event: AuditEvent): Promise<unknown[]> {
  const answer = await wetread.fetch('/fhir/AuditEvent/$validate', {
    method: 'POST',
    headers: { ...administrator, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(event),
  });
  return ((await answer.json()) as OperationOutcome).issue.filter(({ severity }) => severity === 'error' || severity === 'fatal');
}

const logIn = async (username: string, password = PASSWORD) => {
  const authorization = new AnAuthorization(issuer, clientId);
  return authorization.logIn(await authorization.open('openid user/*.rs'), username, { password });
};
const send = (method: string, path: string, body: object) =>
  wetread.fetch(path, {
    method,
    headers: { ...administrator, 'content-type': 'application/json' },
    ...(method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
  });

describe('A login (PS3.15 A.5.3.12)', () => {
  it('that succeeds says who, through which app, from where', async () => {
    await logIn('ada');
    const [event] = await events('type=110114&subtype=110122&outcome=0');
    expect(event).toMatchObject({
      type: { code: '110114' },
      subtype: [{ code: '110122' }],
      action: 'E',
      agent: [
        { who: { reference: 'Practitioner/ada' }, altId: `user:${ada.id}`, requestor: true, role: [{ text: 'radiologist' }] },
        { who: { identifier: { value: clientId } }, requestor: false, network: { address: LOCAL, type: '2' } },
        { requestor: false },
      ],
    });
    expect(wordsOf(event)).toContain(`a radiologist (user:${ada.id}) through the application ${clientId} logged in.`);
    expect((event.entity ?? []).flatMap(({ what }) => what?.reference ?? [])).toEqual([]); // an account is no FHIR resource
    expect(event.entity).toContainEqual(
      expect.objectContaining({ what: { identifier: { system: 'urn:wetread:account', value: ada.id } } }),
    );
    expect((await events(`agent=user:${ada.id}&type=110114`)).map(({ id }) => id)).toContain(event.id);
    expect(await errorsIn(event)).toEqual([]);
  });

  it.each([
    ['with a wrong password', 'ada'],
    ['of nobody', 'nobody-there'],
  ])('that fails %s says that it did, and where from; and not what was typed', async (_, username) => {
    await logIn(username, 'typed-in-error-0');
    const [event] = await events('type=http://dicom.nema.org/resources/ontology/DCM|110114&outcome=4');
    expect(event).toMatchObject({
      subtype: [{ code: '110122' }],
      action: 'E',
      outcome: '4',
      outcomeDesc: 'wrong-credentials',
      agent: [{ altId: 'anonymous', requestor: true }, { network: { address: LOCAL } }, { requestor: false }],
    });
    expect(wordsOf(event)).toContain('somebody who was not made out');
    expect(wordsOf(event)).toContain('tried to: log in. This was refused');
    expect(JSON.stringify(event)).not.toMatch(/typed-in-error|nobody-there/);
    expect(await errorsIn(event)).toEqual([]);
  });

  it('that a lock refuses is on record once a lock', async () => {
    for (let i = 0; i < 9; i++) await logIn('locked-out', 'typed-in-error-0');
    const failed = (await events('type=110114&outcome=4')).map(({ outcomeDesc }) => outcomeDesc);
    expect(failed.filter((code) => code === 'too-many-logins')).toHaveLength(1);
  });

  it('of a system is the token that it gets', async () => {
    const { clientId: system, clientSecret } = await issuer.app({
      grantTypes: ['client_credentials'],
      redirectUris: [],
      scope: 'system/*.rs',
      authMethod: 'client_secret_basic',
    });
    const headers = (secret = '') => ({ authorization: `Basic ${Buffer.from(`${system}:${secret}`).toString('base64')}` });
    const form = { grant_type: 'client_credentials', scope: 'system/*.rs' };
    expect((await issuer.token(form, headers(clientSecret))).status).toBe(200);
    const [event] = await events(`subtype=ITI-71&agent=client:${system}`);
    expect(event).toMatchObject({
      outcome: '0',
      agent: [{ altId: `client:${system}`, requestor: true, network: { address: LOCAL } }, { requestor: false }],
    });
    expect(wordsOf(event)).toContain('got an access token.');
    expect((await issuer.token(form, headers('not-the-secret'))).status).toBe(401);
    const refused = await eventually(
      async () => (await events('type=110114&outcome=4')).find(({ outcomeDesc }) => outcomeDesc === 'invalid-client'),
      'the record of it',
    );
    expect(refused).toMatchObject({ outcomeDesc: 'invalid-client', agent: [{ altId: 'unknown' }, { network: { address: LOCAL } }, {}] });
    expect(JSON.stringify(refused)).not.toContain('not-the-secret');
  });

  it('that an app is given access by is a token that was got (IHE IUA, ITI-71)', async () => {
    await new AnAuthorization(issuer, clientId).whole('ada', 'openid user/*.rs');
    const [event] = await events('subtype=urn:ihe:event-type-code|ITI-71');
    expect(event).toMatchObject({
      type: { code: '110114' },
      outcome: '0',
      agent: [{ altId: `user:${ada.id}` }, { who: { identifier: { value: clientId } }, network: { address: LOCAL } }, {}],
      entity: expect.arrayContaining([
        expect.objectContaining({ what: { identifier: { system: 'urn:wetread:client', value: clientId } } }),
      ]),
    });
    expect(wordsOf(event)).toContain('allowed an application access.');
  });
});

describe('A change of who may what (PS3.15 A.5.3.11)', () => {
  it.each<[what: string, work: () => Promise<Response>, subtype: string, words: string]>([
    [
      'an account that is made',
      () => send('POST', '/access/accounts', { username: 'eve', name: 'Eve', password: PASSWORD, roles: ['reviewer'] }),
      '110137',
      'made an account.',
    ],
    ['an account that is changed', () => send('PATCH', `/access/accounts/${ada.id}`, { name: 'Ada' }), '110137', 'changed an account.'],
    [
      'an app that is registered',
      () =>
        send('POST', '/access/clients', {
          name: 'App',
          redirectUris: [CALLBACK],
          grantTypes: ['authorization_code'],
          scope: 'openid',
        }),
      '110137',
      'registered an application.',
    ],
    ['keys that are replaced', () => send('POST', '/access/keys/rotate', {}), '110129', 'replaced the keys'],
  ])('has on record who did it, and where from: %s', async (_, work, subtype, words) => {
    expect((await work()).status).toBeLessThan(300);
    const [event] = await events(`type=110113&subtype=${subtype}`);
    expect(event).toMatchObject({
      action: 'E',
      outcome: '0',
      agent: [
        { altId: 'user:the-administrator', requestor: true },
        { who: { identifier: { value: 'an-app' } }, network: { address: LOCAL } },
        { requestor: false },
      ],
    });
    expect(wordsOf(event)).toContain(words);
    expect((event.entity ?? []).flatMap(({ what }) => what?.reference ?? [])).toEqual([]);
    expect(await errorsIn(event)).toEqual([]);
  });
});

it('Records are found by the role, the name, the network address and the token of who asked', async () => {
  const mine = await maker.headers({ roles: ['administrator'], claims: { sub: 'the-administrator', jti: 'one-token-alone' } });
  await wetread.fetch('/access/organisations', { headers: mine });
  const [event, ...more] = await events('policy=one-token-alone');
  expect([event.agent[0].policy, more]).toEqual([['one-token-alone'], []]);
  for (const search of ['agent-role=administrator', 'agent-role=urn:wetread:role|administrator', 'agent-name=user:THE-admin'])
    expect((await events(search)).map(({ id }) => id)).toContain(event.id);
  for (const search of ['agent-role=radiologist', 'agent-role=elsewhere|administrator', 'agent-name=nobody', 'address=192.0.2.'])
    expect((await events(search)).map(({ id }) => id)).not.toContain(event.id);
});

describe('A look at what is administered', () => {
  it.each<[path: string, system: string, id: string, words: string]>([
    ['/access/accounts', 'account', 'search', 'looked at who has an account.'],
    ['/access/accounts/ADA', 'account', 'ADA', 'looked at who has an account.'],
    ['/access/clients', 'client', 'search', 'looked at which applications are registered.'],
    ['/access/clients/APP', 'client', 'APP', 'looked at which applications are registered.'],
    ['/access/organisations', 'organisation', 'search', 'looked at which organisations there are.'],
  ])('is on record: %s', async (path, system, id, words) => {
    const named = (text: string) => text.replace('ADA', ada.id).replace('APP', clientId);
    const request = await wetread.fetch(named(path), { headers: administrator });
    expect(request.status).toBe(200);
    const asked = request.headers.get('x-request-id');
    const own = (await events('type=110100')).filter(({ entity = [] }) => entity.some(({ what }) => what?.identifier?.value === asked));
    expect(own).toMatchObject([{ action: 'R', outcome: '0', agent: [{ altId: 'user:the-administrator' }, {}, {}] }]);
    expect(own[0].entity).toContainEqual(
      expect.objectContaining({ what: { identifier: { system: `urn:wetread:${system}`, value: named(id) } } }),
    );
    expect(wordsOf(own[0])).toContain(words);
    expect(await errorsIn(own[0])).toEqual([]);
  });

  it('that finds nothing is on record as refused, once', async () => {
    const request = await wetread.fetch('/access/accounts/not-there', { headers: administrator });
    expect(request.status).toBe(404);
    const asked = request.headers.get('x-request-id');
    const own = (await events('')).filter(({ entity = [] }) => entity.some(({ what }) => what?.identifier?.value === asked));
    expect(own.map(({ outcome }) => outcome)).toEqual(['4']);
  });
});

it('What is on record of them is whole', () => {
  const { status, stdout } = spawnSync(process.execPath, [CHECK], {
    env: { PATH: process.env['PATH'], ...wetread.settings },
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('whole')]);
});
