import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const PATHS = ['/fhir/Patient', '/graphql', '/fhir/$subscription-events', '/dicom-web/subscribers/AE', '/'];
const asking = (path: string, headers = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${new URL(wetread.url).host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`;

/** What comes back, until the connection ends. */
function answered(request: string): Promise<string> {
  const { hostname, port } = new URL(wetread.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    let text = '';
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    if (request.includes('/nowhere')) socket.setTimeout(5_000, () => socket.destroy(new Error('it stays open')));
  });
}

describe('A connection that asks for a WebSocket', () => {
  it('and is broken off at once does the server no harm', async () => {
    const { hostname, port } = new URL(wetread.url);
    for (const path of PATHS)
      for (const headers of ['', 'Origin: https://elsewhere.example\r\n'])
        for (let i = 0; i < 20; i++)
          await new Promise<void>((resolve) => {
            const socket = connect(Number(port), hostname, () => {
              socket.write(asking(path, headers));
              socket.resetAndDestroy();
            });
            socket.on('error', () => undefined);
            socket.on('close', () => resolve());
          });
    await sleep(200);
    expect((await wetread.fetch('/health/live')).status).toBe(200);
  });

  it('where there is none is told so, and does not stay open', async () => {
    expect(await answered(asking('/nowhere'))).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('from a page of elsewhere gets none', async () => {
    for (const path of ['/fhir/$subscription-events', '/dicom-web/subscribers/AE'])
      expect(await answered(asking(path, 'Origin: https://elsewhere.example\r\n'))).toMatch(/^HTTP\/1\.1 403 /);
  });
});
