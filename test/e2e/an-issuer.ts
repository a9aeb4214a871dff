import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt, type JWTPayload } from 'jose';
import type { Role } from '../../src/access/roles.js';
import { Database } from '../../src/database/database.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { Accounts } from '../../src/issuer/accounts.js';
import type { Account } from '../../src/issuer/accounts.sql.js';
import type { ClientForm } from '../../src/issuer/client-form.js';
import { ClientKeys } from '../../src/issuer/client-keys.js';
import { Clients, type ClientWithSecret } from '../../src/issuer/clients.js';
import { RevokedTokens } from '../../src/issuer/revoked-tokens.js';
import { aCaller } from '../a-caller.js';
import { ABrowser, type Shown } from './a-browser.js';
import type { Wetread } from './wetread.js';

export const CALLBACK = 'http://127.0.0.1:9/callback';
/** Of an app that is a web server's, not a program's on this machine. */
export const WEB_CALLBACK = 'https://app.example/callback';
export const PASSWORD = 'a long enough password';
export const SCOPES = 'openid fhirUser profile launch launch/patient offline_access online_access patient/*.rs user/*.cruds';

export interface TokenAnswer {
  readonly status: number;
  readonly error?: string;
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  readonly patient?: string;
  readonly [more: string]: unknown;
}

/** The issuer of a running server, as an app, a person and an administrator meet it. */
export class AnIssuer {
  private readonly database: Database;
  private readonly accounts: Accounts;
  private readonly clients: Clients;
  private readonly administrator = aCaller('administrator');

  constructor(
    readonly wetread: Wetread,
    databaseUrl = wetread.databaseUrl ?? '',
  ) {
    this.database = new Database(databaseUrl, SERVER_SCOPE);
    const revoked = new RevokedTokens(this.database);
    this.accounts = new Accounts(this.database, revoked);
    this.clients = new Clients(this.database, revoked, new ClientKeys(['127.0.0.1']));
  }

  close(): Promise<void> {
    return this.database.close();
  }

  account(
    username: string,
    roles: readonly Role[] = ['radiologist'],
    more: { patient?: string; fhirUser?: string } = {},
  ): Promise<Account> {
    return this.accounts.create(this.administrator, { username, name: `Dr ${username}`, password: PASSWORD, roles, ...more });
  }

  /** Of another organisation. */
  stranger(username: string): Promise<Account> {
    const caller = aCaller('administrator', 'user/*.cruds', { tenant: 2 });
    return this.accounts.create(caller, { username, name: username, password: PASSWORD, roles: ['radiologist'] });
  }

  app(more: Partial<ClientForm> = {}): Promise<ClientWithSecret> {
    const grantTypes = ['authorization_code', 'refresh_token'];
    return this.clients.create(this.administrator, { name: 'An app', redirectUris: [CALLBACK], grantTypes, scope: SCOPES, ...more });
  }

  /** Of another organisation, made by whoever administers that one. */
  strangersApp(more: Partial<ClientForm>): Promise<ClientWithSecret> {
    const caller = aCaller('administrator', 'user/*.cruds', { tenant: 2 });
    return this.clients.create(caller, { name: 'Their app', redirectUris: [CALLBACK], scope: SCOPES, ...more });
  }

  change(clientId: string, form: Partial<ClientForm>): Promise<ClientWithSecret> {
    return this.clients.change(this.administrator, clientId, form, { secret: false });
  }

  disable(account: Account): Promise<Account> {
    return this.accounts.change(this.administrator, account.id, { disabled: true });
  }

  /** What the token endpoint answers to a form. */
  async token(form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<TokenAnswer> {
    return this.post('/oauth/token', form, headers);
  }

  async post(path: string, form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<TokenAnswer> {
    const answer = await this.wetread.fetch(path, { method: 'POST', body: new URLSearchParams(form), headers });
    const text = await answer.text();
    return { ...(text === '' ? {} : (JSON.parse(text) as TokenAnswer)), status: answer.status } as TokenAnswer;
  }
}

/** One authorization of an app by a person in a browser (RFC 6749 4.1 with RFC 7636). */
export class AnAuthorization {
  readonly verifier = randomBytes(32).toString('base64url');
  readonly state = randomBytes(8).toString('base64url');

  constructor(
    private readonly issuer: AnIssuer,
    private readonly clientId: string,
    readonly browser = new ABrowser(issuer.wetread.url),
    private readonly callback = CALLBACK,
  ) {}

  /** Opens the authorization endpoint; a parameter that is undefined is left out. */
  open(scope: string, more: Readonly<Record<string, string | undefined>> = {}): Promise<Shown> {
    const { url } = this.issuer.wetread;
    const challenge = createHash('sha256').update(this.verifier).digest('base64url');
    const asked = {
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: this.callback,
      scope,
      state: this.state,
      aud: `${url}/fhir`,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    };
    const given = Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return this.browser.get(`${url}/oauth/authorize?${new URLSearchParams(given).toString()}`);
  }

  logIn(page: Shown, username: string, more: Readonly<Record<string, string>> = {}): Promise<Shown> {
    return this.browser.submit(page, { username, password: PASSWORD, step: 'login', ...more });
  }

  /** Allows everything that a page of consent has, or what is named. */
  allow(page: Shown, scopes?: readonly string[]): Promise<Shown> {
    const all = [...page.text.matchAll(/name="scope" value="([^"]*)"/g)].map(([, scope]) => scope.replaceAll('&amp;', '&'));
    return this.browser.submit(page, { scope: scopes ?? all, step: 'consent' });
  }

  /** Exchanges the code in the app's address for tokens. */
  exchange(at: Shown, more: Readonly<Record<string, string>> = {}): Promise<TokenAnswer> {
    const code = new URL(at.url).searchParams.get('code') ?? '';
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.callback,
      client_id: this.clientId,
      code_verifier: this.verifier,
    };
    return this.issuer.token({ ...form, ...more });
  }

  /** All of it. */
  async whole(username: string, scope: string, more: Readonly<Record<string, string>> = {}): Promise<TokenAnswer> {
    const consent = await this.logIn(await this.open(scope, more), username);
    return this.exchange(await this.allow(consent));
  }
}

/** What a token says, unchecked. */
export const claimsOf = (token: string | undefined): JWTPayload => decodeJwt(token ?? '');
