import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../../access/roles.js';
import { OWN_CALLBACK, OWN_CLIENT_ID, OWN_SCOPE } from '../../issuer/own-client.js';

/** Before a token of five minutes is over. */
const FRESH_MS = 4 * 60_000;

/** Something that the server would not do. */
export class Refused extends Error {
  constructor(
    what: string,
    readonly status: number,
    readonly answer: Readonly<Record<string, unknown>>,
  ) {
    super(`${what} was answered ${status}: ${JSON.stringify(answer)}`);
  }
}

/** A person with an account, who logs in as people do (RFC 6749 4.1 with RFC 7636), and calls. */
export class Person {
  private token: { readonly text: string; readonly since: number } | undefined;
  private constructor(
    private readonly url: string,
    /** As the ledger names them. */
    readonly id: string,
    readonly name: string,
    private readonly username: string,
    readonly password: string,
  ) {}

  /** The first administrator, by the code that the server printed. */
  static async first(url: string, code: string): Promise<Person> {
    const [username, password] = ['administrator', newPassword()];
    const answer = await fetch(`${url}/oauth/first-admin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, username, name: 'Ada Administrator', password }),
    });
    if (!answer.ok) throw new Refused('The first account', answer.status, (await answer.json()) as Record<string, unknown>);
    return new Person(url, '', 'Ada Administrator', username, password);
  }

  /** An account made by an administrator. */
  async makes(name: string, ...roles: readonly Role[]): Promise<Person> {
    const [username, password] = [name.toLowerCase().replaceAll(' ', '.'), newPassword()];
    const { id } = await this.post<{ id: string }>('/access/accounts', { username, name, password, roles });
    return new Person(this.url, `user:${id}`, name, username, password);
  }

  get<T>(path: string): Promise<T> {
    return this.ask<T>('GET', path);
  }

  post<T>(path: string, body?: object): Promise<T> {
    return this.ask<T>('POST', path, body && JSON.stringify(body), 'application/json');
  }

  postCsv<T>(path: string, csv: string): Promise<T> {
    return this.ask<T>('POST', path, csv, 'text/csv');
  }

  /** What an answer holds that is no JSON. */
  async bytes(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.answer('GET', path)).arrayBuffer());
  }

  /** Headers of a request. */
  async headers(): Promise<Record<string, string>> {
    if (this.token === undefined || Date.now() - this.token.since > FRESH_MS) this.token = { text: await this.logIn(), since: Date.now() };
    return { authorization: `Bearer ${this.token.text}` };
  }

  private async ask<T>(method: string, path: string, body?: string, type?: string): Promise<T> {
    const text = await (await this.answer(method, path, body, type)).text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** @throws Refused */
  private async answer(method: string, path: string, body?: string, type?: string): Promise<Response> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(await this.headers()), ...(body !== undefined && type !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body }),
    });
    if (answer.ok) return answer;
    throw new Refused(`${method} ${path}`, answer.status, JSON.parse(await answer.text()) as Record<string, unknown>);
  }

  /** The login's page is filled in as a browser would, and the code that comes back exchanged. */
  private async logIn(): Promise<string> {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: OWN_CLIENT_ID,
      redirect_uri: OWN_CALLBACK,
      scope: OWN_SCOPE,
      state: randomBytes(8).toString('base64url'),
      aud: `${this.url}/fhir`,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const browser = new FormBrowser(this.url);
    const page = await browser.open(`${this.url}/oauth/authorize?${query.toString()}`);
    const consent = await browser.submit(page, { username: this.username, password: this.password, step: 'login' });
    const scopes = [...consent.text.matchAll(/name="scope" value="([^"]*)"/g)].map(([, scope]) => scope.replaceAll('&amp;', '&'));
    const end = consent.url.startsWith(OWN_CALLBACK) ? consent : await browser.submit(consent, { scope: scopes, step: 'consent' });
    const code = new URL(end.url).searchParams.get('code');
    if (code === null) throw new Error(`${this.name} was not let in.`);
    const form = { grant_type: 'authorization_code', code, redirect_uri: OWN_CALLBACK, client_id: OWN_CLIENT_ID, code_verifier: verifier };
    const answer = await fetch(`${this.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    return ((await answer.json()) as { access_token: string }).access_token;
  }
}

const newPassword = (): string => randomBytes(18).toString('base64url');

/** A page, or the address that it led to outside of the server. */
interface Page {
  readonly url: string;
  readonly text: string;
}

/** As much of a browser as a login needs: cookies, redirects, and forms with their hidden fields. */
class FormBrowser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly home: string) {}

  async open(url: string, init: RequestInit = {}): Promise<Page> {
    if (!url.startsWith(this.home)) return { url, text: '' };
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(init.headers as Record<string, string>), cookie },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined) this.cookies.set(name, value);
    }
    const to = answer.headers.get('location');
    return to === null ? { url, text: await answer.text() } : this.open(new URL(to, url).href);
  }

  submit({ url, text }: Page, fields: Readonly<Record<string, string | readonly string[]>>): Promise<Page> {
    const form = new URLSearchParams();
    for (const [, name, value] of text.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g))
      form.append(name, value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'));
    for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) form.append(name, value);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(this.home).origin };
    return this.open(url, { method: 'POST', body: form.toString(), headers });
  }
}
