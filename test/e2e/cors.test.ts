import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchange } from './exchange.js';
import { Wetread } from './wetread.js';

const VIEWER = 'http://viewer.example:8042';
const PATH = '/dicom-web/studies/1.2.3';

describe('Pages of an origin that CORS_ORIGINS names (Fetch standard, 3.3)', () => {
  let wetread: Wetread;
  beforeAll(async () => {
    wetread = await Wetread.start({ CORS_ORIGINS: `https://other.example, ${VIEWER}/` });
  });
  afterAll(() => wetread.remove());
  const ask = (method: string, headers: Record<string, string>) => exchange(`${wetread.url}${PATH}`, { method, headers });

  it('are told beforehand what they may send', async () => {
    const preflight = { origin: VIEWER, 'access-control-request-method': 'GET', 'access-control-request-headers': 'range,if-none-match' };
    const { status, headers, body } = await ask('OPTIONS', preflight);
    expect([status, body.length]).toEqual([204, 0]);
    expect(headers).toMatchObject({ 'access-control-allow-origin': VIEWER, 'access-control-allow-methods': 'DELETE, GET, HEAD, POST' });
    for (const name of ['Accept', 'Authorization', 'Content-Type', 'Range', 'If-None-Match'])
      expect(String(headers['access-control-allow-headers']).split(', ')).toContain(name);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('may read answers and refusals, with the headers that matter', async () => {
    const { status, headers } = await ask('GET', { origin: VIEWER });
    expect([status, headers['access-control-allow-origin']]).toEqual([404, VIEWER]);
    for (const name of ['ETag', 'Content-Location', 'Warning', 'Content-Range'])
      expect(String(headers['access-control-expose-headers']).split(', ')).toContain(name);
    expect(String(headers['vary']).split(', ')).toContain('Origin');
  });

  it('are no others', async () => {
    for (const origin of ['http://viewer.example', 'https://viewer.example:8042', 'http://evil.example', 'null', `${VIEWER}.evil.example`])
      for (const method of ['OPTIONS', 'GET']) {
        const { headers } = await ask(method, { origin, 'access-control-request-method': 'GET' });
        expect(headers['access-control-allow-origin']).toBeUndefined();
        expect(String(headers['vary']).split(', ')).toContain('Origin'); // or a cache would give the one's answer to the other
      }
  });
});

it('Every page may read, and only read, where CORS_ORIGINS is *', async () => {
  const wetread = await Wetread.start({ CORS_ORIGINS: '*' });
  try {
    const { headers } = await exchange(`${wetread.url}${PATH}`, { headers: { origin: 'http://anybody.example' } });
    expect(headers['access-control-allow-origin']).toBe('*');
    const preflight = { origin: 'http://anybody.example', 'access-control-request-method': 'DELETE' };
    const told = await exchange(`${wetread.url}${PATH}`, { method: 'OPTIONS', headers: preflight });
    expect(told.headers['access-control-allow-methods']).toBe('GET, HEAD');
  } finally {
    await wetread.remove();
  }
});
