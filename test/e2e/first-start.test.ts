import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ABrowser, type Shown } from './a-browser.js';
import { AnIssuer, CALLBACK, claimsOf, PASSWORD } from './an-issuer.js';
import { aChestXray } from './instances.js';
import { eventually, Wetread } from './wetread.js';

const LOGIN = fileURLToPath(new URL('../../src/issuer/commands/login.js', import.meta.url));

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: '' }); // as `npm start` has it
});
afterAll(() => wetread.remove());

const sent = (path: string, body: object, token?: string) =>
  wetread.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });

/** `npm run login`, with a person at the browser: what it prints, and what they are shown. */
async function logIn(person: (browser: ABrowser, page: Shown) => Promise<Shown>): Promise<{ code: number; printed: string }> {
  const child = spawn(process.execPath, [LOGIN, wetread.url], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = once(child, 'close') as Promise<[number]>;
  for await (const line of createInterface(child.stderr)) {
    if (!line.startsWith('http')) continue;
    const browser = new ABrowser(wetread.url);
    const { url } = await person(browser, await browser.get(line));
    expect((await fetch(new URL('/callback?code=x&state=x', url))).status).toBe(404); // somebody else's answer
    expect((await fetch(url)).status).toBe(200); // where the server sent the browser: this machine, by the port of the command
  }
  const [code] = await ended;
  return { code, printed: printed.trim() };
}

const as = (username: string) => async (browser: ABrowser, page: Shown) => {
  const consent = await browser.submit(page, { username, password: PASSWORD, step: 'login' });
  expect(consent.text).toContain('wetread on the command line'); // any program here could pass for it: a person is asked
  const scope = [...consent.text.matchAll(/name="scope" value="([^"]*)"/g)].map(([, one]) => one);
  return browser.submit(consent, { scope, step: 'consent' });
};

describe('A first start without any settings', () => {
  it('leads from the printed code to a stored study, a second account and an app, by HTTP alone', async () => {
    const code = await eventually(async () => /with the code ([0-9A-Z-]+)/.exec(wetread.printed.join(''))?.[1], 'printed code');
    expect((await sent('/oauth/first-admin', { code, username: 'root', password: PASSWORD, roles: ['radiologist'] })).status).toBe(201);
    const { code: exit, printed: token } = await logIn(as('root'));
    expect([exit, claimsOf(token)['roles']]).toEqual([0, ['administrator', 'radiologist']]);
    const study = aChestXray();
    expect(await wetread.storeAs({ authorization: `Bearer ${token}` }, study.bytes)).toMatchObject({ status: 200, failed: [] });
    const account = { username: 'grace', name: 'Grace', password: PASSWORD, roles: ['reviewer'] };
    expect((await sent('/access/accounts', account, token)).status).toBe(201);
    const app = { clientId: 'an-app', name: 'An app', scope: 'openid user/*.rs', redirectUris: [CALLBACK] };
    expect((await sent('/access/clients', app, token)).status).toBe(201);
    const { printed: hers } = await logIn(as('grace'));
    expect(claimsOf(hers)).toMatchObject({ roles: ['reviewer'], client_id: 'wetread-cli' });
    const found = await wetread.fetch('/dicom-web/studies', { headers: { authorization: `Bearer ${hers}`, accept: 'application/json' } });
    expect(((await found.json()) as unknown[]).length).toBe(1);
  }, 60_000);

  it('prints no token where the person refuses', async () => {
    const refuses = (browser: ABrowser, page: Shown) => browser.submit(page, { step: 'cancel' });
    expect(await logIn(refuses)).toEqual({ code: 1, printed: '' });
  });
});

describe('The client of the command', () => {
  it('can be made, changed and taken away by no administrator, and is for people of every organisation', async () => {
    const { printed: token } = await logIn(as('root'));
    const mine = { clientId: 'wetread-cli', name: 'Mine', scope: 'user/*.rs', redirectUris: ['https://evil.example/'] };
    expect((await sent('/access/clients', mine, token)).status).toBe(409);
    const authorization = `Bearer ${token}`;
    const change = { method: 'PATCH', headers: { authorization, 'content-type': 'application/json' }, body: '{}' };
    for (const attempt of [change, { method: 'DELETE', headers: { authorization } }])
      expect((await wetread.fetch('/access/clients/wetread-cli', attempt)).status).toBe(404);
    const issuer = new AnIssuer(wetread);
    await issuer.stranger('stranger');
    await issuer.close();
    expect(claimsOf((await logIn(as('stranger'))).printed)).toMatchObject({ tenant: 2, roles: ['radiologist'] });
  }, 60_000);
});
