import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OperationNotPermitted } from '../../src/access/operations.js';
import type { Role } from '../../src/access/roles.js';
import type { Database } from '../../src/database/database.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { Accounts } from '../../src/issuer/accounts.js';
import { ClientKeys } from '../../src/issuer/client-keys.js';
import { Clients } from '../../src/issuer/clients.js';
import { AccountAbsent, ClientAbsent, LastAdministrator, TooManyLogins, WrongCredentials } from '../../src/issuer/faults.js';
import { IssuerKeys } from '../../src/issuer/issuer-keys.js';
import { RevokedTokens } from '../../src/issuer/revoked-tokens.js';
import { aCaller } from '../a-caller.js';
import { aDatabase } from '../a-database.js';

const PASSWORD = 'a long enough password';
const ADMINISTRATOR = aCaller('administrator');
const ELSEWHERE = aCaller('administrator', 'user/*.cruds', { tenant: 2 });

let database: Database;
let accounts: Accounts;
let clients: Clients;
beforeAll(async () => {
  database = await aDatabase(SERVER_SCOPE);
  const revoked = new RevokedTokens(database);
  accounts = new Accounts(database, revoked);
  clients = new Clients(database, revoked, new ClientKeys([]));
});
afterAll(() => database.close());

const form = (username: string, roles: readonly Role[] = ['radiologist']) => ({ username, name: username, password: PASSWORD, roles });
const onRecord = async (action: string) =>
  (await database.statement((tx) => tx.rows<{ event: string }>('SELECT event FROM ledger_record ORDER BY id')))
    .map(({ event }) => JSON.parse(event) as { actor: string; action: string; entity: { id: string }; changes: Record<string, unknown> })
    .filter((one) => one.action === action);

describe('Accounts', () => {
  it('are administered by administrators alone', async () => {
    for (const role of ['radiologist', 'reviewer', 'regulatory', 'model-admin', 'patient', 'system'] as const) {
      const caller = aCaller(role);
      const { id } = await accounts.create(ADMINISTRATOR, form(`by-${role}`));
      for (const attempt of [
        accounts.list(caller),
        accounts.one(caller, id),
        accounts.create(caller, form('another')),
        accounts.change(caller, id, { roles: ['administrator'] }),
        accounts.remove(caller, id),
        clients.list(caller),
        clients.create(caller, { name: 'x', scope: 'openid', redirectUris: ['https://x.example/'] }),
        new IssuerKeys(database).rotate(caller),
      ])
        await expect(attempt).rejects.toThrow(OperationNotPermitted);
    }
  });

  it('are those of the organisation, and no other’s', async () => {
    const { id } = await accounts.create(ADMINISTRATOR, form('here'));
    const { clientId } = await clients.create(ADMINISTRATOR, { name: 'x', scope: 'openid', redirectUris: ['https://x.example/'] });
    const other = await accounts.create(ELSEWHERE, form('elsewhere', ['administrator']));
    expect((await accounts.list(ELSEWHERE)).map((one) => one.username)).toEqual(['elsewhere']);
    expect(other.tenant).toBe(2);
    const theirs = await database.statement((tx) =>
      tx.rows<{ event: string }>('SELECT event FROM ledger_record WHERE tenant = 2 ORDER BY id'),
    );
    expect(theirs.map(({ event }) => (JSON.parse(event) as { action: string; entity: object }).entity)).toEqual([
      { type: 'Account', id: other.id },
      { type: 'Account', id: 'search' },
    ]);
    for (const attempt of [accounts.one(ELSEWHERE, id), accounts.change(ELSEWHERE, id, { name: 'x' }), accounts.remove(ELSEWHERE, id)])
      await expect(attempt).rejects.toThrow(AccountAbsent);
    expect(await clients.list(ELSEWHERE)).toEqual([]);
    for (const attempt of [clients.one(ELSEWHERE, clientId), clients.remove(ELSEWHERE, clientId)])
      await expect(attempt).rejects.toThrow(ClientAbsent);
    await expect(accounts.remove(ELSEWHERE, other.id)).rejects.toThrow(LastAdministrator);
  });

  it('leave one administrator of two who remove each other at once', async () => {
    const tenant3 = aCaller('administrator', 'user/*.cruds', { tenant: 3 });
    const [one, two] = [
      await accounts.create(tenant3, form('one3', ['administrator'])),
      await accounts.create(tenant3, form('two3', ['administrator'])),
    ];
    const outcomes = await Promise.allSettled([accounts.remove(tenant3, one.id), accounts.change(tenant3, two.id, { disabled: true })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are logged in to, or not, on record; what was typed is not', async () => {
    const { id } = await accounts.create(ADMINISTRATOR, form('grace'));
    await accounts.authenticate({ username: ' GRACE ', password: PASSWORD });
    await expect(accounts.authenticate({ username: 'grace', password: 'typed-in-error' })).rejects.toThrow(WrongCredentials);
    await expect(accounts.authenticate({ username: 'typed-in-error', password: PASSWORD })).rejects.toThrow(WrongCredentials);
    expect(await onRecord('login.succeeded')).toMatchObject([{ actor: `user:${id}`, entity: { id } }]);
    expect(await onRecord('login.failed')).toMatchObject([{ entity: { id } }, { entity: { id: 'unknown' } }]);
    const all = await database.statement((tx) => tx.rows<{ text: string }>(`SELECT string_agg(event, ' ') AS text FROM ledger_record`));
    expect(all[0].text).not.toMatch(/typed-in-error|a long enough/);
  });

  it('are unlocked by a new password that an administrator sets', async () => {
    const { id } = await accounts.create(ADMINISTRATOR, form('locked'));
    for (let i = 0; i < 5; i++) await accounts.authenticate({ username: 'locked', password: 'x' }).catch(() => undefined);
    await expect(accounts.authenticate({ username: 'locked', password: PASSWORD })).rejects.toThrow(TooManyLogins);
    await accounts.change(ADMINISTRATOR, id, { password: 'quite another password' });
    expect((await accounts.authenticate({ username: 'locked', password: 'quite another password' })).id).toBe(id);
    expect((await onRecord('account.changed')).at(-1)).toMatchObject({
      actor: 'administrator',
      entity: { id },
      changes: { changed: ['password'] },
    });
  });

  describe('that somebody guesses at', () => {
    const from = (network: string) => ({ asking: { door: 'oauth', id: 'x', network, address: '' } }) as const;
    const guess = (username: string, network: string, password = 'x') => accounts.authenticate({ username, password, way: from(network) });
    const lockOf = async (username: string) =>
      (
        await database.statement((tx) =>
          tx.rows<{ seconds: number }>(
            `SELECT extract(epoch FROM max(locked_until) - now())::int AS seconds FROM login_attempt WHERE username = $1`,
            [username],
          ),
        )
      )[0].seconds;

    it('are locked where the guesses come from, and open to who has the password elsewhere', async () => {
      const { id } = await accounts.create(ADMINISTRATOR, form('guessed'));
      for (let i = 0; i < 5; i++) await expect(guess('guessed', '203.0.113.5')).rejects.toThrow(WrongCredentials);
      await expect(guess('guessed', '203.0.113.5', PASSWORD)).rejects.toThrow(TooManyLogins);
      expect((await guess('guessed', '198.51.100.7', PASSWORD)).id).toBe(id);
      await expect(guess('guessed', '203.0.113.5', PASSWORD)).rejects.toThrow(TooManyLogins); // whoever guesses has no more guesses by that
    });

    it('are locked for all addresses that one host of IPv6 may take', async () => {
      await accounts.create(ADMINISTRATOR, form('sixth'));
      for (let i = 0; i < 5; i++) await expect(guess('sixth', `2001:db8::${i}`)).rejects.toThrow(WrongCredentials);
      await expect(guess('sixth', '2001:db8:0:0:a:b:c:d')).rejects.toThrow(TooManyLogins);
      await expect(guess('sixth', '2001:db8:0:1::1')).rejects.toThrow(WrongCredentials);
    });

    it('are locked for a quarter of an hour at most, and by guesses from many networks for a minute', async () => {
      const seed = (username: string, network: string) =>
        database.statement((tx) =>
          tx.run('INSERT INTO login_attempt (username, network, failures, last_at) VALUES ($1, $2, 1000, now())', [username, network]),
        );
      await seed('often', '203.0.113.5');
      await expect(guess('often', '203.0.113.5')).rejects.toThrow(WrongCredentials);
      expect(await lockOf('often')).toBe(900);
      await seed('everywhere', '');
      await expect(guess('everywhere', '203.0.113.6')).rejects.toThrow(WrongCredentials);
      expect(await lockOf('everywhere')).toBe(60);
      await expect(guess('everywhere', '203.0.113.7')).rejects.toThrow(TooManyLogins);
    });
  });

  it.each<[what: string, work: () => Promise<unknown>]>([
    ['logs in', () => accounts.authenticate({ username: 'slow-one', password: PASSWORD })],
    ['sets a password', () => accounts.changePassword({ username: 'slow-one', password: PASSWORD }, 'a password of a thief')],
  ])('are not had by the old password where a new one is set while it is looked at: who %s', async (_what, work) => {
    const { id } =
      (await accounts.list(ADMINISTRATOR)).find(({ username }) => username === 'slow-one') ??
      (await accounts.create(ADMINISTRATOR, form('slow-one')));
    await accounts.change(ADMINISTRATOR, id, { password: PASSWORD });
    let outcome: Promise<unknown> = Promise.resolve();
    await database.transaction(async (tx) => {
      await tx.rows('SELECT FROM account WHERE id = $1 FOR UPDATE', [id]);
      let isSettled = false;
      outcome = work().then(
        () => 'done',
        (error: unknown) => error,
      );
      void outcome.then(() => (isSettled = true));
      const waiting = () => tx.rows(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      while (!isSettled && (await waiting()).length === 0) await new Promise((later) => setTimeout(later, 10));
      await tx.run(`UPDATE account SET password_hash = 'another' WHERE id = $1`, [id]);
    });
    expect(await outcome).toBeInstanceOf(WrongCredentials);
    const [{ hash }] = await database.statement((tx) =>
      tx.rows<{ hash: string }>('SELECT password_hash AS hash FROM account WHERE id = $1', [id]),
    );
    expect(hash).toBe('another');
  });

  it('that are disabled are logged in to by nobody', async () => {
    const { id } = await accounts.create(ADMINISTRATOR, form('gone'));
    await accounts.change(ADMINISTRATOR, id, { disabled: true });
    await expect(accounts.authenticate({ username: 'gone', password: PASSWORD })).rejects.toThrow(WrongCredentials);
    expect(await accounts.enabled(id)).toBeUndefined();
    expect(await accounts.enabled('not-an-id')).toBeUndefined();
  });
});

describe('Tokens that were taken back', () => {
  it('are known at once where it was done, and soon by every other server', async () => {
    const [here, there] = [new RevokedTokens(database), new RevokedTokens(database)];
    expect([await here.has('a'), await there.has('a')]).toEqual([false, false]);
    await here.add('a', 60, { tenant: 1, actor: 'client:x' });
    expect(await here.has('a')).toBe(true);
    expect(typeof here.has('a')).toBe('boolean'); // from memory: asked for every request
    await new Promise((later) => setTimeout(later, 2_050));
    expect([await there.has('a'), await there.has('b')]).toEqual([true, false]);
  });
});

describe('The keys of the issuer', () => {
  it('are made once by servers that start at once, and a new one signs when all know it', async () => {
    const [one, two] = [new IssuerKeys(database), new IssuerKeys(database)];
    const [first, second] = await Promise.all([one.current(), two.current()]);
    expect(first.version).toBe(second.version);
    await one.rotate(ADMINISTRATOR);
    const fresh = await one.current();
    expect(fresh.signing.length).toBe(4);
    const signing = (keys: typeof fresh) => keys.signing.find(({ alg }) => alg === 'ES256')?.kid;
    await database.statement((tx) => tx.run(`UPDATE issuer_key SET since = since - interval '50 s'`));
    await database.statement((tx) =>
      tx.run(`UPDATE issuer_key SET since = since - interval '20 s' WHERE kid = ANY ($1)`, [first.signing.map(({ kid }) => kid)]),
    );
    expect(signing(await new IssuerKeys(database).current())).toBe(signing(first));
    await database.statement((tx) => tx.run(`UPDATE issuer_key SET since = since - interval '20 s'`));
    expect(signing(await new IssuerKeys(database).current())).not.toBe(signing(first));
  });
});
