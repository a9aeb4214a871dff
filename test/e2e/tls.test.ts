import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ClientHttp2Session } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { aCertificate } from './a-certificate.js';
import { exchange, exchange2, http2Session } from './exchange.js';
import { aChestXray } from './instances.js';
import { eventually, Wetread } from './wetread.js';

const folder = mkdtempSync(join(tmpdir(), 'wetread-tls-'));
const { pem: firstCertificate, ...files } = aCertificate(folder, 'first');
const instance = aChestXray();
const DICOM = { 'content-type': 'application/dicom', accept: 'application/dicom+json' };

let wetread: Wetread;
let session: ClientHttp2Session;
beforeAll(async () => {
  wetread = await Wetread.start({ ...files, QUIET_PERIOD_SECONDS: '3600' });
  session = await http2Session(wetread.url, firstCertificate);
});
afterAll(async () => {
  session.destroy();
  await wetread.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('With a certificate, the server speaks TLS', () => {
  it('and HTTP/2 with it, for storing and retrieving', async () => {
    expect(wetread.url).toMatch(/^https:/);
    expect(session.alpnProtocol).toBe('h2');
    const stored = await exchange2(session, '/dicom-web/studies', { method: 'POST', headers: DICOM, body: instance.bytes });
    expect(stored.status).toBe(200);
    const found = await exchange2(session, instance.path, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
    expect([found.status, found.body.equals(instance.bytes)]).toEqual([200, true]);
    const metadata = await exchange2(session, `${instance.path}/metadata`, { headers: { 'accept-encoding': 'gzip' } });
    expect([metadata.status, metadata.headers['content-encoding']]).toEqual([200, 'gzip']);
  });

  it('and says https where it says its address', async () => {
    const { body } = await exchange2(session, '/dicom-web/studies', { headers: { accept: 'application/dicom+json' } });
    const [{ '00081190': url }] = JSON.parse(body.toString()) as Record<string, { Value: string[] }>[];
    expect(url.Value[0]).toBe(`${wetread.url}/dicom-web/studies/${instance.studyInstanceUID}`);
  });

  it('also where a batch asks it for more', async () => {
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'metadata' } }] };
    const asked = { method: 'POST', headers: { 'content-type': 'application/fhir+json' }, body: JSON.stringify(batch) };
    const { body } = await exchange2(session, '/fhir', asked);
    const [{ resource }] = (JSON.parse(body.toString()) as { entry: { resource: unknown }[] }).entry;
    expect(resource).toMatchObject({ resourceType: 'CapabilityStatement', implementation: { url: `${wetread.url}/fhir` } });
  });

  it('and HTTP/1.1 to who knows no better', async () => {
    const { status, body } = await exchange(`${wetread.url}${instance.path}`, {
      ca: firstCertificate,
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    });
    expect([status, body.equals(instance.bytes)]).toEqual([200, true]);
    const refused = exchange(`${wetread.url}/health/live`);
    await expect(refused).rejects.toThrow(/self.signed/i); // it is TLS, and its certificate is looked at
  });

  it('to its own names only, also in HTTP/2', async () => {
    const { status } = await exchange2(session, '/dicom-web/studies', { headers: { ':authority': 'evil.example' } });
    expect(status).toBe(421);
  });

  it('and WebSockets over it', async () => {
    class Trusting extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { ca: firstCertificate });
      }
    }
    const client = createClient({ url: `${wetread.url.replace('http', 'ws')}/graphql`, webSocketImpl: Trusting, retryAttempts: 0 });
    const answer = await new Promise((done, fail) => {
      client.subscribe({ query: '{ __typename }' }, { next: done, error: fail, complete: () => undefined });
    });
    expect(answer).toMatchObject({ data: { __typename: 'Query' } });
    await client.dispose();
  });

  it('by the certificate that its files hold now, once it is told by SIGHUP; a broken one changes nothing', async () => {
    const heard = (event: string) => eventually(() => Promise.resolve(wetread.log.join('').includes(event) ? true : undefined), event);
    const { pem } = aCertificate(folder, 'second');
    process.kill(wetread.pid, 'SIGHUP');
    await heard('certificate.renewed');
    const next = await http2Session(wetread.url, pem);
    expect((await exchange2(next, '/health/live')).status).toBe(200);
    next.destroy();
    expect((await exchange2(session, '/health/live')).status).toBe(200); // who is connected stays so
    writeFileSync(files.TLS_CERT_FILE, 'broken');
    process.kill(wetread.pid, 'SIGHUP');
    await heard('certificate.refused');
    expect((await exchange(`${wetread.url}/health/live`, { ca: pem })).status).toBe(200);
  });
});

it('A server whose certificate cannot be used does not start, and says why', async () => {
  const other = mkdtempSync(join(tmpdir(), 'wetread-tls-'));
  const { pem: _, ...broken } = aCertificate(other, 'broken');
  writeFileSync(broken.TLS_KEY_FILE, 'no key');
  try {
    await expect(Wetread.start(broken)).rejects.toThrow('TLS_CERT_FILE and TLS_KEY_FILE cannot be used');
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});
