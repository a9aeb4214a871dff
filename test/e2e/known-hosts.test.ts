import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on', PUBLIC_URL: 'https://imaging.example.org' });
});
afterAll(() => wetread.remove());

/** The status of a request that names a host of its own, which fetch does not allow. */
const statusFor = (host: string, path: string): Promise<number> =>
  new Promise((done, fail) => {
    request(`${wetread.url}${path}`, { headers: { host } }, (answer) => {
      answer.resume();
      done(answer.statusCode ?? 0);
    })
      .on('error', fail)
      .end();
  });

describe('A server on this machine', () => {
  it.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'imaging.example.org', 'imaging.example.org:443'])(
    'answers as %s',
    async (host) => {
      expect(await statusFor(host, '/fhir/metadata')).toBe(200);
    },
  );

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.1.7', 'imaging.example.org.evil.example'])(
    'answers nobody who calls it %s: a page could have made that name lead here',
    async (host) => {
      for (const path of ['/fhir/Patient', '/dicom-web/studies', '/graphql', '/docs', '/health'])
        expect(await statusFor(host, path)).toBe(421);
    },
  );
});
