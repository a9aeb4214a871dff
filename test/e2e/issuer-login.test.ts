import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/database/database.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { FirstAdmin } from '../../src/issuer/first-admin.js';
import { totpCode } from '../../src/issuer/totp.js';
import { ABrowser } from './a-browser.js';
import { AnAuthorization, AnIssuer, PASSWORD } from './an-issuer.js';
import { commandOf } from './commands.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let issuer: AnIssuer;
let clientId: string;
beforeAll(async () => {
  wetread = await Wetread.start();
  issuer = new AnIssuer(wetread);
}, 120_000);
afterAll(async () => {
  await issuer.close();
  await wetread.remove();
});

describe('The first account', () => {
  const json = (body: object) =>
    wetread.fetch('/oauth/first-admin', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'root', password: PASSWORD, ...body }),
    });

  it('is made by the code that the server’s start gave, once, and administers', async () => {
    const database = new Database(wetread.databaseUrl ?? '', SERVER_SCOPE);
    const firstAdmin = new FirstAdmin(database);
    const [code, another] = [await firstAdmin.code(), await firstAdmin.code()];
    expect((await json({ code: 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA' })).status).toBe(403);
    expect((await json({ code, password: 'short' })).status).toBe(422);
    expect((await json({ code, username: 'long-user-name', password: 'long-user-name' })).status).toBe(422);
    const browser = new ABrowser(wetread.url);
    const page = await browser.get(`${wetread.url}/oauth/first-admin`);
    const given = { firstCode: code?.toLowerCase() ?? '', username: 'Root', name: 'Dr Root', newPassword: PASSWORD, roles: 'radiologist' };
    expect((await browser.submit(page, given)).text).toContain('The account is made');
    expect((await json({ code, username: 'second' })).status).toBe(403);
    expect((await json({ code: another, username: 'second' })).status).toBe(403);
    expect(await firstAdmin.code()).toBeUndefined();
    expect(await wetread.sql('SELECT username, roles FROM account')).toEqual([
      { username: 'root', roles: ['administrator', 'radiologist'] },
    ]);
    const failed = await wetread.sql<{ event: string }>(`SELECT event FROM ledger_record WHERE event LIKE '%login.failed%' ORDER BY id`);
    expect(failed.map(({ event }) => (JSON.parse(event) as { changes: object }).changes)).toEqual(
      Array.from({ length: 3 }, () => ({ at: 'first administrator', code: 'wrong-first-admin-code' })),
    );
    await database.close();
    ({ clientId } = await issuer.app());
  });
});

describe('The login', () => {
  const attempt = async (username: string, more: Readonly<Record<string, string>> = {}) => {
    const authorization = new AnAuthorization(issuer, clientId);
    return authorization.logIn(await authorization.open('openid'), username, more);
  };

  it('says the same of a wrong password as of an account that is not there', async () => {
    await issuer.account('ada');
    const [wrong, nobody] = [await attempt('ada', { password: 'not the password' }), await attempt('nobody')];
    const text = (page: { text: string }) => page.text.replaceAll(/value="[^"]*"/g, '');
    expect(text(wrong)).toBe(text(nobody));
    expect([wrong.status, nobody.status]).toEqual([400, 400]);
    expect((await attempt('ada')).text).toContain('Allow access');
  });

  it('is locked after five failures, for who is there and who is not, however many come at once', async () => {
    await issuer.account('locked');
    for (const name of ['locked', 'nobody-else']) {
      const answers = await Promise.all(Array.from({ length: 12 }, () => attempt(name, { password: 'not the password' })));
      expect(answers.map(({ status }) => status).sort()).toEqual([
        ...Array.from({ length: 5 }, () => 400),
        ...Array.from({ length: 7 }, () => 429),
      ]);
      const right = await attempt(name);
      expect(right.status).toBe(429);
      expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await wetread.sql(`UPDATE login_attempt SET locked_until = now() - interval '1 s'`);
    expect((await attempt('locked', { password: 'not the password' })).status).toBe(400);
    const [{ seconds }] = await wetread.sql<{ seconds: number }>(
      `SELECT extract(epoch FROM locked_until - now())::int AS seconds FROM login_attempt WHERE username = 'locked' AND network <> ''`,
    );
    expect(seconds).toBeGreaterThan(20); // each lock is twice as long
    await wetread.sql(`UPDATE login_attempt SET locked_until = now() - interval '1 s'`);
    expect((await attempt('locked')).text).toContain('Allow access');
  });

  it('belongs to the browser that began it, and to a page of this server', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    const page = await authorization.open('openid');
    expect((await new ABrowser(wetread.url).get(page.url)).status).toBe(400);
    const foreign = await authorization.browser.submit({ ...page, text: '' }, { username: 'ada', password: PASSWORD, step: 'login' });
    expect(foreign.status).toBe(403);
    const answer = await fetch(page.url, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'step=login',
    });
    expect(answer.status).toBe(403);
  });

  it('runs no script, is in no frame and is kept by nobody', async () => {
    const { headers, text } = await new AnAuthorization(issuer, clientId).open('openid');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(policy).toContain(`form-action 'self' http://127.0.0.1:9`);
    expect(policy).not.toContain('unsafe');
    expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual(['nosniff', 'no-store']);
    expect(text).not.toContain('<script');
  });

  it('shows what an app is called as text', async () => {
    const { clientId: odd } = await issuer.app({ name: '<img src=x onerror=alert(1)>' });
    expect((await new AnAuthorization(issuer, odd).open('openid')).text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });
});

describe('The second factor (RFC 6238)', () => {
  it('is set up by who has the password, and each code is good once', async () => {
    await issuer.account('grace');
    const browser = new ABrowser(wetread.url);
    const begun = await browser.submit(await browser.get(`${wetread.url}/oauth/second-factor`), { username: 'grace', password: PASSWORD });
    const secret = /secret=([A-Z2-7]+)/.exec(begun.text)?.[1] ?? '';
    expect(begun.text).toContain('<svg');
    const code = (steps: number) => totpCode(secret, Math.floor(Date.now() / 30_000) + steps);
    expect((await browser.submit(begun, { code: '000000' })).text).toContain('not the code');
    expect((await browser.submit(begun, { code: code(-1) })).text).toContain('is set up');
    const attempt = async (more: Readonly<Record<string, string>>) => {
      const authorization = new AnAuthorization(issuer, clientId);
      return (await authorization.logIn(await authorization.open('openid'), 'grace', more)).text;
    };
    expect(await attempt({})).toContain('is wrong'); // the same words as for a wrong password
    expect(await attempt({ code: code(-1) })).toContain('is wrong'); // used
    const now = code(0);
    expect(await attempt({ code: now })).toContain('Allow access');
    expect(await attempt({ code: now })).toContain('is wrong');
  });
});

describe('A second factor that is set up', () => {
  const begin = async (username: string) => {
    const browser = new ABrowser(wetread.url);
    const page = await browser.submit(await browser.get(`${wetread.url}/oauth/second-factor`), { username, password: PASSWORD });
    const secret = /secret=([A-Z2-7]+)/.exec(page.text)?.[1] ?? '';
    const code = (steps: number) => totpCode(secret, Math.floor(Date.now() / 30_000) + steps);
    return { code, confirm: () => browser.submit(page, { code: code(-1) }) };
  };

  it('is replaced by nobody who began another one without it', async () => {
    await issuer.account('rosa');
    const [hers, theirs] = [await begin('rosa'), await begin('rosa')];
    expect((await hers.confirm()).text).toContain('is set up');
    const refused = await theirs.confirm();
    expect([refused.status, refused.text.includes('Begin again')]).toEqual([410, true]);
    const authorization = new AnAuthorization(issuer, clientId);
    expect((await authorization.logIn(await authorization.open('openid'), 'rosa', { code: theirs.code(0) })).text).toContain('is wrong');
    expect((await authorization.logIn(await authorization.open('openid'), 'rosa', { code: hers.code(0) })).text).toContain('Allow access');
  });

  it('does not tell whether the password was right: no code is a failure as a wrong password is, on record and counted', async () => {
    const { id } = await issuer.account('irma');
    expect((await (await begin('irma')).confirm()).text).toContain('is set up');
    const authorization = new AnAuthorization(issuer, clientId);
    const attempt = async (password: string) => {
      const { status, text } = await authorization.logIn(await authorization.open('openid'), 'irma', { password });
      return { status, text: text.replaceAll(/value="[^"]*"/g, '') };
    };
    const failures = () =>
      wetread.sql(`SELECT 1 FROM ledger_record WHERE event::jsonb ->> 'action' = 'login.failed' AND event::jsonb #>> '{entity,id}' = $1`, [
        id,
      ]);
    const [missing, wrong] = [await attempt(PASSWORD), await attempt('not the password')];
    expect(missing).toEqual(wrong);
    expect(await failures()).toHaveLength(2);
    for (let i = 0; i < 3; i++) expect((await attempt(PASSWORD)).status).toBe(400);
    expect((await attempt(PASSWORD)).status).toBe(429);
  });
});

describe('The only administrator who can’t log in any more', () => {
  it('is helped by whoever runs the machine: a new password, no second factor, no lock, no session; on record', async () => {
    const { id } = await issuer.account('chief', ['administrator']);
    const tokens = await new AnAuthorization(issuer, clientId).whole('chief', 'user/*.rs offline_access');
    await wetread.sql(`UPDATE account SET totp_secret = 'LOST' WHERE id = $1`, [id]);
    await wetread.sql(
      `INSERT INTO login_attempt (username, network, failures, last_at, locked_until)
       SELECT 'chief', network, 1000, now(), now() + interval '1 h' FROM unnest(ARRAY['', '127.0.0.1', '203.0.113.5']) AS network`,
    );
    const attempt = async (password: string) => {
      const authorization = new AnAuthorization(issuer, clientId);
      return authorization.logIn(await authorization.open('openid'), 'chief', { password });
    };
    expect((await attempt(PASSWORD)).status).toBe(429);
    const { code, said, complained } = await commandOf('issuer', wetread, 'account', 'reset', 'Chief');
    expect([code, said]).toEqual([0, expect.stringMatching(/^[0-9a-z]{5}(-[0-9a-z]{5}){3}\n$/)]);
    expect(complained).toContain('/oauth/password');
    expect((await attempt(PASSWORD)).status).toBe(400);
    expect((await attempt(said.trim())).text).toContain('Allow access');
    const again = { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token ?? '' };
    expect(await issuer.token(again)).toMatchObject({ error: 'invalid_grant' });
    const [{ event }] = await wetread.sql<{ event: string }>(
      `SELECT event FROM ledger_record WHERE event::jsonb ->> 'action' = 'account.changed' ORDER BY id DESC LIMIT 1`,
    );
    expect(JSON.parse(event)).toMatchObject({
      actor: 'operator',
      entity: { type: 'Account', id },
      changes: { changed: ['password', 'totp'] },
    });
    expect(event).not.toContain(said.trim());
  });

  it('is told where there is no such account, and how it is asked', async () => {
    expect(await commandOf('issuer', wetread, 'account', 'reset', 'nobody-there')).toMatchObject({
      code: 2,
      said: '',
      complained: expect.stringContaining('no such account'),
    });
    expect(await commandOf('issuer', wetread, 'account')).toMatchObject({ code: 2, complained: expect.stringContaining('reset USERNAME') });
  });
});

describe('A new password', () => {
  it('is set by who knows the old one, and ends what was granted before', async () => {
    await issuer.account('mary');
    const tokens = await new AnAuthorization(issuer, clientId).whole('mary', 'user/*.rs offline_access');
    const browser = new ABrowser(wetread.url);
    const page = await browser.get(`${wetread.url}/oauth/password`);
    const changed = (fields: object) =>
      browser.submit(page, { username: 'mary', password: PASSWORD, newPassword: 'another long password', ...fields });
    expect((await changed({ password: 'wrong' })).status).toBe(400);
    expect((await changed({ newPassword: 'too short' })).status).toBe(422);
    expect((await changed({})).text).toContain('The password is changed');
    const again = { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token ?? '' };
    expect(await issuer.token(again)).toMatchObject({ error: 'invalid_grant' });
    const authorization = new AnAuthorization(issuer, clientId);
    const open = () => authorization.open('openid');
    expect((await authorization.logIn(await open(), 'mary')).status).toBe(400);
    expect((await authorization.logIn(await open(), 'mary', { password: 'another long password' })).text).toContain('Allow access');
  });
});

describe('Logging out', () => {
  it('ends the session: the next app asks for the password again', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    await authorization.allow(await authorization.logIn(await authorization.open('openid'), 'ada'));
    expect((await authorization.open('openid')).text).toContain('Allow access');
    const { browser } = authorization;
    const asked = await browser.get(`${wetread.url}/oauth/logout`);
    expect(asked.text).toContain('Log out?');
    const out = await browser.submit({ ...asked, url: `${wetread.url}/oauth/logout/confirm` }, { logout: 'yes' });
    expect(out.text).toContain('You are logged out');
    expect((await authorization.open('openid')).text).toContain('name="password"');
  });
});
