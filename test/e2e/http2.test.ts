import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import type { ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';
import { join } from 'node:path';
import { exchange, exchange2, http2Session } from './exchange.js';
import { aChestXray, newUid, type TestInstance } from './instances.js';
import { Wetread } from './wetread.js';

const DICOM = { 'content-type': 'application/dicom', accept: 'application/dicom+json' };
const STORED = { accept: 'application/dicom; transfer-syntax=*' };
/** 2 MiB: more than any buffer on the way holds. */
const large = aChestXray({ Rows: 1_024, Columns: 1_024 });

let wetread: Wetread;
let session: ClientHttp2Session;
beforeAll(async () => {
  wetread = await Wetread.start({ H2C: '1', QUIET_PERIOD_SECONDS: '3600' });
  session = await http2Session(wetread.url);
});
afterAll(async () => {
  session.destroy();
  await wetread.remove();
});
const store = (one: TestInstance) => exchange2(session, '/dicom-web/studies', { method: 'POST', headers: DICOM, body: one.bytes });

describe('HTTP/2 in clear text, with prior knowledge (RFC 9113 3.3)', () => {
  it('stores and retrieves, many at once on one connection', async () => {
    const instances = [large, ...Array.from({ length: 9 }, () => aChestXray())];
    const stored = await Promise.all(instances.map(store));
    expect(stored.map(({ status }) => status)).toEqual(instances.map(() => 200));
    const found = await Promise.all(instances.map(({ path }) => exchange2(session, path, { headers: STORED })));
    expect(found.map(({ body }, i) => body.equals(instances[i].bytes))).toEqual(instances.map(() => true));
  });

  it('answers 100 (Continue) to who waits for it', async () => {
    const stream = session.request({ ':path': '/dicom-web/studies', ':method': 'POST', expect: '100-continue', ...DICOM });
    const status = new Promise<unknown>((done) => stream.once('response', (headers) => done(headers[':status'])));
    await new Promise<void>((go) => stream.once('continue', go));
    stream.end(aChestXray().bytes);
    expect(await status).toBe(200);
    stream.resume();
  });

  it('stands beside HTTP/1.1 on the same port', async () => {
    expect((await exchange(`${wetread.url}/health/live`)).status).toBe(200);
    expect((await exchange2(session, '/health/live')).status).toBe(200);
  });

  it('knows the host by its own name for it', async () => {
    expect((await exchange2(session, '/dicom-web/studies', { headers: { ':authority': 'evil.example' } })).status).toBe(421);
    expect((await exchange2(session, '/dicom-web/studies', { headers: { ':authority': 'localhost:80' } })).status).toBe(200);
  });

  it('refuses and says what is missing as HTTP/1.1 does', async () => {
    expect((await exchange2(session, '/nowhere')).status).toBe(404);
    const refused = await exchange2(session, large.path, { method: 'PUT', body: 'x' });
    expect([refused.status, refused.headers['allow']]).toEqual([405, 'DELETE, GET, HEAD, OPTIONS']);
    expect((await exchange2(session, '/dicom-web/studies', { method: 'HEAD' })).body.length).toBe(0);
  });

  it('resets the stream of an answer that breaks, so that nobody takes a part for the whole', async () => {
    const study = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid(), Rows: 1_024, Columns: 1_024 };
    const [whole, lost] = [1, 2].map((number) => aChestXray({ ...study, InstanceNumber: number }));
    for (const one of [whole, lost]) await store(one);
    rmSync(join(wetread.folder, 'archive', 'objects', lost.sha256.slice(0, 2), `${lost.sha256}.dcm`));
    const parts = { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
    const broken = exchange2(session, `/dicom-web/studies/${whole.studyInstanceUID}`, { headers: parts });
    await expect(broken).rejects.toThrow(/INTERNAL_ERROR/);
    expect((await exchange2(session, large.path, { headers: STORED })).body.equals(large.bytes)).toBe(true); // the others on the connection go on
  });

  it('waits for a request that comes byte by byte, whichever it is', async () => {
    const answer = await new Promise<string>((done, fail) => {
      const socket = connect(Number(new URL(wetread.url).port), '127.0.0.1');
      let heard = '';
      socket
        .on('data', (bytes) => (heard += bytes.toString()))
        .on('error', fail)
        .on('close', () => done(heard));
      const text = 'PROPFIND /dicom-web/studies HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
      void (async () => {
        for (const byte of text) await new Promise((sent) => socket.write(byte, sent));
      })();
    });
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
  });

  it('gives up on a connection that says nothing sensible', async () => {
    const heard = await new Promise<string>((done) => {
      const socket = connect(Number(new URL(wetread.url).port), '127.0.0.1', () =>
        socket.write('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n' + 'x'.repeat(100)),
      );
      socket
        .on('data', () => undefined)
        .on('error', () => undefined)
        .on('close', () => done('closed'));
    });
    expect(heard).toBe('closed');
    expect((await exchange(`${wetread.url}/health/live`)).status).toBe(200);
  });
});

it('A server with open HTTP/2 connections, and one that says nothing, stops when it is told to', async () => {
  const stopping = await Wetread.start({ H2C: '1' });
  const open = await http2Session(stopping.url);
  expect((await exchange2(open, '/health/live')).status).toBe(200);
  const silent = connect(Number(new URL(stopping.url).port), '127.0.0.1').on('error', () => undefined);
  await new Promise((done) => silent.once('connect', done));
  expect(await stopping.stop()).toBe(0);
  for (const one of [open, silent]) one.destroy();
  await stopping.remove();
});
