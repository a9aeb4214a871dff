import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnAuthorization, AnIssuer, CALLBACK } from './an-issuer.js';
import { Way } from './way-to-postgres.js';
import { eventually, newDatabase, Wetread } from './wetread.js';

let wetread: Wetread;
let issuer: AnIssuer;
let way: Way;
beforeAll(async () => {
  const url = await newDatabase();
  const by = await Way.to(url);
  way = by.way;
  wetread = await Wetread.start({ DATABASE_URL: by.url });
  issuer = new AnIssuer(wetread, url);
}, 120_000);
afterAll(async () => {
  await issuer.close();
  await wetread.remove();
  await way.cut();
});

describe('The issuer, while its database is away', () => {
  it('says so by 503 at each of its addresses, and goes on when it is back', async () => {
    const { clientId } = await issuer.app();
    await issuer.account('ada');
    const authorization = new AnAuthorization(issuer, clientId);
    const login = await authorization.open('openid user/*.rs');
    await way.cut();
    const form = (fields: Readonly<Record<string, string>>) => ({
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, ...fields }),
    });
    const asked: readonly (readonly [path: string, init?: RequestInit])[] = [
      ['/oauth/token', form({ grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK })],
      ['/oauth/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' }) }],
      ['/oauth/introspect', form({ token: 'x' })],
      ['/oauth/revoke', form({ token: 'x' })],
      [`/oauth/authorize?client_id=${clientId}`],
      ['/oauth/logout'],
      ['/oauth/first-admin'],
      [new URL(login.url).pathname],
      ['/access/accounts'],
    ];
    for (const [path, init] of asked) {
      const answer = await wetread.fetch(path, init);
      // Without its cookies a login is nobody's.
      expect([path, answer.status]).toEqual([path, path.startsWith('/oauth/interaction') ? 400 : 503]);
      expect(await answer.text()).not.toMatch(/ECONN|postgres|\.js:/i);
    }
    expect((await authorization.logIn(login, 'ada')).status).toBe(503);
    await way.open();
    await eventually(async () => ((await wetread.fetch('/health/ready')).status === 200 ? true : undefined), 'readiness');
    const consent = await authorization.logIn(login, 'ada');
    expect((await authorization.exchange(await authorization.allow(consent))).status).toBe(200);
  });
});
