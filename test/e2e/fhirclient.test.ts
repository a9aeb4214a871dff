import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle, DiagnosticReport, Observation, Patient } from 'fhir/r4.js';
import { chromium, type Browser, type Page } from 'playwright-core';
import { aPhantom, reportOf } from './phantoms.js';
import { Wetread } from './wetread.js';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** The bundle for browsers of HL7's client for SMART apps, where `npm run outside-clients` puts it. */
const BUNDLE = new URL('../../../.cache/fhirclient-2.6.3/build/fhir-client.min.js', import.meta.url);

const absent = [...(existsSync(CHROMIUM) ? [] : [CHROMIUM]), ...(existsSync(BUNDLE) ? [] : ['fhirclient (npm run outside-clients)'])];
if (absent.length > 0) console.warn(`${absent.join(', ')} absent: fhirclient in a browser (4 tests) is skipped.`);
const test = absent.length > 0 ? it.skip : it;

let wetread: Wetread;
let report: DiagnosticReport;
let app: Server;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  if (absent.length > 0) return;
  // An app is served from a place of its own, as a hospital's would be.
  app = createServer((asked, answer) =>
    asked.url === '/fhir-client.js'
      ? answer.setHeader('content-type', 'text/javascript').end(readFileSync(BUNDLE))
      : answer.setHeader('content-type', 'text/html').end('<!doctype html><title>app</title><script src="/fhir-client.js"></script>'),
  );
  await new Promise<void>((listening) => app.listen(0, '127.0.0.1', listening));
  const address = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  wetread = await Wetread.start({ CORS_ORIGINS: address });
  const phantom = aPhantom();
  await wetread.store(phantom.bytes);
  report = await reportOf(wetread, phantom.studyInstanceUID);
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
  page = await browser.newPage();
  await page.goto(address);
}, 120_000);
afterAll(async () => {
  if (absent.length > 0) return;
  await browser.close();
  app.close();
  await wetread.remove();
});

/** What the app's own code gives, of `client` and `given`. */
const inTheApp = <T>(body: string, given?: unknown): Promise<T> =>
  page.evaluate<T>(
    `(async (client, given) => { ${body} })(FHIR.client(${JSON.stringify(`${wetread.url}/fhir`)}), ${JSON.stringify(given ?? null)})`,
  );

describe('fhirclient in a browser, as it is', () => {
  test('reads what the server can do, and a report with what it refers to', async () => {
    expect(await inTheApp('return [await client.getFhirVersion(), await client.getFhirRelease()];')).toEqual(['4.0.1', 4]);
    const read = await inTheApp<{ subject: Patient; result: Observation[] }>(
      `return client.request('DiagnosticReport/' + given, { resolveReferences: ['subject', 'result'] });`,
      report.id,
    );
    expect(read.subject.resourceType).toBe('Patient');
    expect(read.result.map(({ resourceType }) => resourceType)).toEqual((report.result ?? []).map(() => 'Observation'));
  });

  test('follows every page of a search, flat or as Bundles', async () => {
    const families = ['Page1', 'Page2', 'Page3', 'Page4', 'Page5'];
    for (const family of families) await inTheApp(`return client.create({ resourceType: 'Patient', name: [{ family: given }] });`, family);
    const found = await inTheApp<Patient[]>(
      `return client.request('Patient?family=page&_sort=family&_count=2', { pageLimit: 0, flat: true });`,
    );
    expect(found.map(({ name }) => name?.[0].family)).toEqual(families);
    const pages = await inTheApp<Bundle[]>(`return client.request('Patient?family=page&_count=2', { pageLimit: 2 });`);
    expect(pages.map(({ entry }) => entry?.length)).toEqual([2, 2]);
  });

  test('creates, once on a condition too, updates, patches and deletes', async () => {
    const once = {
      url: 'Patient',
      method: 'POST',
      headers: { 'If-None-Exist': 'identifier=urn:mrn|once', 'content-type': 'application/fhir+json' },
    };
    const body = JSON.stringify({ resourceType: 'Patient', identifier: [{ system: 'urn:mrn', value: 'once' }] });
    const create = (): Promise<Patient> => inTheApp('return client.request(given);', { ...once, body });
    expect((await create()).id).toBe((await create()).id);
    const [made, updated, patched, gone] = await inTheApp<[Patient, Patient, Patient, string]>(`
      const made = await client.create({ resourceType: 'Patient', name: [{ family: 'App' }] });
      const updated = await client.update({ ...made, gender: 'female' });
      const patched = await client.patch('Patient/' + made.id, [{ op: 'add', path: '/birthDate', value: '1990-01-01' }]);
      await client.delete('Patient/' + made.id);
      const gone = await client.request('Patient/' + made.id).catch((error) => String(error.status));
      return [made, updated, patched, gone];`);
    expect([made.meta?.versionId, updated.meta?.versionId, patched.meta?.versionId]).toEqual(['1', '2', '3']);
    expect(patched).toMatchObject({ gender: 'female', birthDate: '1990-01-01' });
    expect(gone).toBe('410');
  });

  test('reads what is of one patient', async () => {
    const patient = /Patient\/(.+)/.exec(report.subject?.reference ?? '')?.[1];
    const found = await inTheApp<Bundle>(
      `const own = FHIR.client({ serverUrl: client.state.serverUrl, tokenResponse: { patient: given } });
       return own.patient.request('DiagnosticReport');`,
      patient,
    );
    expect(found.entry?.map(({ resource }) => resource?.id)).toContain(report.id);
  });
});
