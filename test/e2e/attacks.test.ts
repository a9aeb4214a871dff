import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { exchange } from './exchange.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const FHIR = { 'content-type': 'application/fhir+json' };
const put = (id: string, more = '') =>
  exchange(`${wetread.url}/fhir/Patient/${id}`, { method: 'PUT', headers: FHIR, body: `{"resourceType":"Patient","id":"${id}"${more}}` });

/** What is answered to these bytes sent as they are, until the connection closes or the time is over. */
const answered = (bytes: string, withinMs: number): Promise<string> =>
  new Promise((done) => {
    let text = '';
    const socket = connect(Number(new URL(wetread.url).port), '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(withinMs, () => socket.destroy());
    socket.on('data', (data) => (text += data.toString())).on('error', () => undefined);
    socket.on('close', () => done(text));
  });

/** What is answered to a body of which so many bytes are sent a second. */
const trickled = (head: string, body: string, bytesASecond: number): Promise<string> =>
  new Promise((done) => {
    let text = '';
    let sent = 0;
    const socket = connect(Number(new URL(wetread.url).port), '127.0.0.1', () => socket.write(head));
    const sending = setInterval(() => {
      if (sent < body.length) socket.write(body.slice(sent, (sent += bytesASecond)));
    }, 1_000);
    socket.on('data', (data) => {
      text += data.toString();
      socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (clearInterval(sending), done(text)));
  });

describe('What a header says', () => {
  it.each(['/fhir/metadata', '/fhir/Patient', '/fhir/.well-known/smart-configuration'])('of another host is not in %s', async (path) => {
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    const answer = await exchange(`${wetread.url}${path}`, { headers });
    expect(JSON.stringify(answer.headers) + answer.body.toString()).not.toContain('evil.example');
  });

  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('of another method is not done: %s', async (name) => {
    await put('overridden');
    const url = `${wetread.url}/fhir/Patient/overridden`;
    expect((await exchange(url, { headers: { [name]: 'DELETE' } })).status).toBe(200);
    const post = { method: 'POST', headers: { ...FHIR, [name]: 'DELETE' }, body: '{}' };
    expect((await exchange(`${url}?_method=DELETE`, post)).status).toBe(405);
    expect((await exchange(url)).status).toBe(200);
  });
});

it.each(['/fhir', '/fhir/Patient', '/fhir/Patient/_search', '/graphql', '/dicom-web/workitems'])(
  'A compressed body is not inflated: %s',
  async (path) => {
    const body = gzipSync(Buffer.alloc(100 * 2 ** 20));
    for (const coding of ['gzip', 'br', 'deflate']) {
      const headers = { 'content-type': 'application/json', 'content-encoding': coding };
      const { status } = await exchange(`${wetread.url}${path}`, { method: 'POST', headers, body });
      expect(status).toBe(415);
    }
  },
);

it.each([
  '/../../etc/passwd',
  '/docs/../../../etc/passwd',
  '/docs/..%2f..%2fpackage.json',
  '/docs/%2e%2e/%2e%2e/package.json',
  '/docs/..%5cx',
])('No file is outside what is served: %s', async (path) => {
  const text = await answered(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, 5_000);
  expect(text).toMatch(/^HTTP\/1\.1 40[034] /);
});

it.each(['/.env', '/.git/config', '/docs/.env', '/server.lock', '/queue'])('There is nothing at %s', async (path) => {
  expect((await wetread.fetch(path)).status).toBe(404);
});

it('Names that mean something to JavaScript are no elements, and are left with no other resource', async () => {
  expect((await put('own', ',"__proto__":{"active":true}')).status).toBe(422);
  expect((await put('made', ',"constructor":{"prototype":{"active":true}}')).status).toBe(422);
  await put('patched');
  for (const path of ['/__proto__/active', '/constructor/prototype/active', '/name/__proto__', '/constructor']) {
    const patch = (one: object) =>
      exchange(`${wetread.url}/fhir/Patient/patched`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json-patch+json' },
        body: JSON.stringify([one]),
      });
    expect((await patch({ op: 'add', path, value: true })).status).toBe(422);
    expect((await patch({ op: 'copy', from: path, path: '/active' })).status).toBe(422);
  }
  const other = await put('other');
  expect([other.status, other.body.toString().includes('active')]).toEqual([201, false]);
});

it('A number that is none for JavaScript is refused or kept, and never 500', async () => {
  const body = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1e400}}';
  expect((await exchange(`${wetread.url}/fhir/Observation`, { method: 'POST', headers: FHIR, body })).status).toBeLessThan(500);
});

it('A request of two lengths is one 400', async () => {
  const head = 'POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n';
  const text = await answered(`${head}0\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`, 5_000);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
});

it('A body that trickles in is cut off by 408, and one that comes steadily is taken', async () => {
  const body = `{"resourceType":"Patient","name":[{"family":"${'x'.repeat(40_000)}"}]}`;
  const head = `POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/fhir+json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const [slow, steady] = await Promise.all([1, 1_500].map((bytes) => trickled(head, body, bytes)));
  expect(slow).toMatch(/^HTTP\/1\.1 408 /);
  expect(steady).toMatch(/^HTTP\/1\.1 201 /);
}, 60_000);

it('Headers that do not end are cut off by 408', async () => {
  expect(await answered('GET /health HTTP/1.1\r\nHost: localhost\r\n', 20_000)).toMatch(/^HTTP\/1\.1 408 /);
}, 30_000);

it('300 connections that say nothing keep nobody from being answered', async () => {
  const port = Number(new URL(wetread.url).port);
  const idle = Array.from({ length: 300 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await Promise.all(idle.map((socket) => new Promise((done) => socket.once('connect', done))));
  try {
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      expect((await exchange(`${wetread.url}/health`)).status).toBe(200);
      expect(performance.now() - began).toBeLessThan(2_000);
    }
    expect((await put('meanwhile')).status).toBe(201);
  } finally {
    for (const socket of idle) socket.destroy();
  }
});

const INSTANCE = '/dicom-web/studies/1.2.3/series/1.2.4/instances/1.2.5';
it.each([
  `${INSTANCE}/frames/0`,
  `${INSTANCE}/frames/-1`,
  `${INSTANCE}/frames/1,,2`,
  `${INSTANCE}/frames/99999999999999999999`,
  `${INSTANCE}/frames/${'1,'.repeat(2_000)}1`,
  `${INSTANCE}/rendered?viewport=100000,100000`,
  `${INSTANCE}/rendered?window=1e400,1e400,linear`,
  `${INSTANCE}/rendered?quality=0`,
  '//fhir//Patient',
  '/fhir/Patient/%',
  '/fhir/Patient/%ZZ',
  `/fhir/Patient/${'x'.repeat(9_000)}`,
  '/%00',
])('An odd address is 4xx: %s', async (path) => {
  const text = await answered(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nRange: bytes=9-1,x\r\nConnection: close\r\n\r\n`, 5_000);
  expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
});
