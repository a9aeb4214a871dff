import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnAuthorization, AnIssuer, PASSWORD } from './an-issuer.js';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

/** What ends a login, a token, a system's access: and that it has ended when the administrator is answered. */
let wetread: Wetread;
let issuer: AnIssuer;
let administrator: Record<string, string>;
let clientId: string;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  issuer = new AnIssuer(wetread);
  const maker = await TokenMaker.of(wetread);
  administrator = await maker.headers({ roles: ['administrator'], scope: 'user/*.cruds' });
  ({ clientId } = await issuer.app());
}, 120_000);
afterAll(async () => {
  await issuer.close();
  await wetread.remove();
});

const send = (method: string, path: string, body?: object): Promise<Response> =>
  wetread.fetch(`/access/${path}`, {
    method,
    headers: { ...administrator, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const reads = async (token: string): Promise<number> =>
  (await wetread.fetch('/fhir/Patient', { headers: { authorization: `Bearer ${token}` } })).status;

describe('A new password that an administrator sets', () => {
  const aNewOne = { password: 'a password that was just set' };

  it('ends a login whose old password was typed, and which has gone no further', async () => {
    const { id } = await issuer.account('mary');
    const { browser, ...authorization } = begun();
    const page = await authorization.open();
    const next = await browser.submitAndStay(page, { username: 'mary', password: PASSWORD, step: 'login' });
    expect(new URL(next).pathname).toMatch(/^\/oauth\/authorize\//);
    expect((await send('PATCH', `accounts/${id}`, aNewOne)).status).toBe(200);
    const shown = await browser.get(next);
    expect([shown.status, shown.text.includes('Allow access')]).toEqual([400, false]);
  });

  it('ends one that waits for consent', async () => {
    const { id } = await issuer.account('eve');
    const authorization = new AnAuthorization(issuer, clientId);
    const consent = await authorization.logIn(await authorization.open('user/*.rs'), 'eve');
    expect(consent.text).toContain('Allow access');
    expect((await send('PATCH', `accounts/${id}`, aNewOne)).status).toBe(200);
    const back = await authorization.allow(consent);
    expect([back.status, new URL(back.url).searchParams.get('code')]).toEqual([400, null]);
  });

  function begun() {
    const authorization = new AnAuthorization(issuer, clientId);
    return { browser: authorization.browser, open: () => authorization.open('user/*.rs') };
  }
});

describe('The tokens of a person', () => {
  it.each<[what: string, change: (place: string) => Promise<Response>]>([
    ['is deleted', (place) => send('DELETE', place)],
    ['is disabled', (place) => send('PATCH', place, { disabled: true })],
    ['has other roles', (place) => send('PATCH', place, { roles: ['model-admin'] })],
    ['is somebody else', (place) => send('PATCH', place, { fhirUser: null })],
    ['has a new password', (place) => send('PATCH', place, { password: 'a password that was just set' })],
  ])('open nothing from the moment on at which the account %s', async (what, change) => {
    const username = what.replaceAll(' ', '-');
    const { id } = await issuer.account(username, ['radiologist'], { fhirUser: 'Practitioner/one' });
    const { access_token: token } = await new AnAuthorization(issuer, clientId).whole(username, 'user/*.rs');
    expect(await reads(token)).toBe(200);
    expect((await change(`accounts/${id}`)).status).toBeLessThan(300);
    expect(await reads(token)).toBe(401);
  });

  it('open nothing from the moment on at which the app is deleted', async () => {
    await issuer.account('olga');
    const { clientId: app } = await issuer.app();
    const { access_token: token } = await new AnAuthorization(issuer, app).whole('olga', 'user/*.rs');
    expect(await reads(token)).toBe(200);
    expect((await send('DELETE', `clients/${app}`)).status).toBe(204);
    expect(await reads(token)).toBe(401);
  });

  it('stay good where nothing but the name of the person changes', async () => {
    const { id } = await issuer.account('nora');
    const { access_token: token } = await new AnAuthorization(issuer, clientId).whole('nora', 'user/*.rs');
    expect((await send('PATCH', `accounts/${id}`, { name: 'Nora' })).status).toBe(200);
    expect(await reads(token)).toBe(200);
  });
});

describe('The tokens of a system', () => {
  async function aSystem() {
    const { clientId: id, clientSecret } = await issuer.app({
      grantTypes: ['client_credentials'],
      redirectUris: [],
      scope: 'system/*.rs',
      authMethod: 'client_secret_basic',
    });
    const authorization = `Basic ${Buffer.from(`${id}:${clientSecret}`).toString('base64')}`;
    const token = async () =>
      (await issuer.token({ grant_type: 'client_credentials', scope: 'system/*.rs' }, { authorization })).access_token;
    return { place: `clients/${id}`, token };
  }

  it.each<[what: string, change: (place: string) => Promise<Response>]>([
    ['is deleted', (place) => send('DELETE', place)],
    ['is disabled', (place) => send('PATCH', place, { disabled: true })],
    ['may ask for less', (place) => send('PATCH', place, { scope: 'system/Observation.rs' })],
    ['has other roles', (place) => send('PATCH', place, { roles: ['reviewer'] })],
  ])('open nothing from the moment on at which it %s', async (_what, change) => {
    const system = await aSystem();
    const token = await system.token();
    expect(await reads(token)).toBe(200);
    expect((await change(system.place)).status).toBeLessThan(300);
    expect(await reads(token)).toBe(401);
  });

  it('that it gets after a change are good at once, though it is again what it was', async () => {
    const system = await aSystem();
    const before = await system.token();
    for (const disabled of [true, false]) expect((await send('PATCH', system.place, { disabled })).status).toBe(200);
    expect([await reads(before), await reads(await system.token())]).toEqual([401, 200]);
  });
});
