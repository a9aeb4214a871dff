import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Patient } from 'fhir/r4.js';
import { chromium, type Browser, type Page } from 'playwright-core';
import { AnIssuer, PASSWORD } from './an-issuer.js';
import { Wetread } from './wetread.js';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** The bundle for browsers of HL7's client for SMART apps, where `npm run outside-clients` puts it. */
const BUNDLE = new URL('../../../.cache/fhirclient-2.6.3/build/fhir-client.min.js', import.meta.url);

const absent = [...(existsSync(CHROMIUM) ? [] : [CHROMIUM]), ...(existsSync(BUNDLE) ? [] : ['fhirclient (npm run outside-clients)'])];
if (absent.length > 0) console.warn(`${absent.join(', ')} absent: SMART launches by fhirclient (2 tests) are skipped.`);
const test = absent.length > 0 ? it.skip : it;

let wetread: Wetread;
let issuer: AnIssuer;
let clientId: string;
let app: Server;
let address: string;
let browser: Browser;
let page: Page;
/** What the EHR says to the server with. */
let ehr: Readonly<Record<string, string>>;
const complaints: string[] = [];
beforeAll(async () => {
  if (absent.length > 0) return;
  // An app is served from a place of its own, as a hospital's would be.
  app = createServer((asked, answer) =>
    asked.url === '/fhir-client.js'
      ? answer.setHeader('content-type', 'text/javascript').end(readFileSync(BUNDLE))
      : answer.setHeader('content-type', 'text/html').end('<!doctype html><title>app</title><script src="/fhir-client.js"></script>'),
  );
  await new Promise<void>((listening) => app.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(app.address() as AddressInfo).port}/`;
  wetread = await Wetread.start({ AUTH: 'on', CORS_ORIGINS: new URL(address).origin });
  issuer = new AnIssuer(wetread);
  await issuer.account('ada', ['radiologist'], { fhirUser: 'Practitioner/ada' });
  ehr = await aSystem();
  const scope = 'openid fhirUser launch launch/patient offline_access patient/*.rs';
  ({ clientId } = await issuer.app({ redirectUris: [address], scope }));
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
  page = await browser.newPage();
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (error) => complaints.push(error.message));
}, 120_000);
afterAll(async () => {
  if (absent.length > 0) return;
  await browser.close();
  app.close();
  await issuer.close();
  await wetread.remove();
});

/** A system that may do all of its role, by a token of its own. */
async function aSystem(): Promise<Readonly<Record<string, string>>> {
  const scope = 'system/*.cruds';
  const { clientId: id, clientSecret = '' } = await issuer.app({
    grantTypes: ['client_credentials'],
    authMethod: 'client_secret_basic',
    scope,
  });
  const authorization = `Basic ${Buffer.from(`${id}:${clientSecret}`).toString('base64')}`;
  const { access_token: token } = await issuer.token({ grant_type: 'client_credentials', scope }, { authorization });
  return { authorization: `Bearer ${token}` };
}

const aPatient = async (family: string): Promise<string> => {
  const answer = await wetread.fetch('/fhir/Patient', {
    method: 'POST',
    headers: { ...ehr, 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Patient', name: [{ family, given: ['Eve'] }], birthDate: '1904-12-06' }),
  });
  return ((await answer.json()) as Patient).id ?? '';
};

/** Starts the app's launch, as its launch page would. */
async function start(options: object): Promise<void> {
  await page.goto(address);
  const given = JSON.stringify({ clientId, redirectUri: address, ...options });
  await Promise.all([page.waitForURL(`${wetread.url}/oauth/**`), page.evaluate(`void FHIR.oauth2.authorize(${given})`)]);
}

async function logIn(): Promise<void> {
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** What the app has when it is back. */
const atTheApp = <T>(body: string): Promise<T> =>
  page.waitForURL(`${address}?**`).then(() => page.evaluate<T>(`FHIR.oauth2.ready().then(async (client) => { ${body} })`));

describe('fhirclient in a browser, launched (SMART App Launch 2.2)', () => {
  test('by itself: the person logs in, chooses a patient and allows, and the app reads that patient', async () => {
    const eve = await aPatient('Curie');
    await start({ iss: `${wetread.url}/fhir`, scope: 'openid fhirUser launch/patient offline_access patient/*.rs' });
    expect(new URL(page.url()).pathname).toMatch(/^\/oauth\/interaction\//);
    await logIn();
    await page.getByLabel('Name or id').fill('curie');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByLabel(/CURIE, Eve/).check();
    await page.getByRole('button', { name: 'Choose' }).click();
    await page.getByRole('button', { name: 'Allow what is ticked' }).click();
    const got = await atTheApp<{ patient: Patient; user: string; before: string; after: string; scope: string }>(`
      const before = client.state.tokenResponse.access_token;
      const patient = await client.patient.read();
      await client.refresh();
      const { access_token: after, scope } = client.state.tokenResponse;
      return { patient, user: client.user.fhirUser, before, after, scope };`);
    expect(got.patient).toMatchObject({ id: eve, name: [{ family: 'Curie' }] });
    expect(got.user).toBe('Practitioner/ada');
    expect(got.after).not.toBe(got.before);
    expect(got.scope).toBe('openid fhirUser launch/patient offline_access patient/*.rs');
    expect(complaints).toEqual([]);
  });

  test('by an EHR: it opens on the patient of the launch', async () => {
    const meitner = await aPatient('Meitner');
    const answer = await wetread.fetch('/oauth/launch', {
      method: 'POST',
      headers: { ...ehr, 'content-type': 'application/json' },
      body: JSON.stringify({ patient: meitner, client_id: clientId }),
    });
    const { launch, iss } = (await answer.json()) as { launch: string; iss: string };
    await start({ iss, launch, scope: 'openid fhirUser launch patient/*.rs' });
    // The session of the first launch: the password is not asked again.
    expect(await page.getByText('MEITNER').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Allow what is ticked' }).click();
    expect(await atTheApp<string>('return client.patient.id;')).toBe(meitner);
    expect(complaints).toEqual([]);
  });
});
