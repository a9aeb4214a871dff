/** A page that a browser would show, or an address that it was sent to and that is not this server's. */
export interface Shown {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

interface Sent {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A browser without a screen: it keeps cookies, follows redirects within the server, and sends the forms of pages. */
export class ABrowser {
  private readonly cookies = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(private readonly home: string) {}

  get(url: string): Promise<Shown> {
    return this.go(url);
  }

  /** Sends the form that a page has, with its hidden fields and these. */
  submit(page: Shown, fields: Readonly<Record<string, string | readonly string[]>>): Promise<Shown> {
    return this.go(page.url, this.formOf(page, fields));
  }

  /** Sends it, and goes no further: tells where the answer would lead. */
  async submitAndStay(page: Shown, fields: Readonly<Record<string, string>>): Promise<string> {
    const { headers } = await this.sent(page.url, this.formOf(page, fields));
    return new URL(headers.get('location') ?? '', page.url).href;
  }

  private formOf(page: Shown, fields: Readonly<Record<string, string | readonly string[]>>): Sent {
    const form = new URLSearchParams();
    for (const [, name, value] of page.text.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g))
      form.append(name, unescaped(value));
    for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) form.append(name, value);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(this.home).origin };
    return { method: 'POST', body: form.toString(), headers };
  }

  private async go(url: string, init: Sent = {}): Promise<Shown> {
    if (!url.startsWith(this.home)) return { url, status: 0, text: '', headers: new Headers() };
    const shown = await this.sent(url, init);
    const to = shown.headers.get('location');
    return to === null || shown.status < 300 || shown.status > 399 ? shown : this.go(new URL(to, url).href);
  }

  private async sent(url: string, init: Sent): Promise<Shown> {
    const path = new URL(url).pathname;
    const cookie = [...this.cookies]
      .filter(([, one]) => path.startsWith(one.path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { accept: 'text/html', ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    return { url, status: answer.status, text: await answer.text(), headers: answer.headers };
  }

  private keep(line: string): void {
    const [pair, ...attributes] = line.split('; ');
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, { value, path });
  }
}

/** What a page says as text in an attribute. */
const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
