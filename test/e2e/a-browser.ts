/** A page that a browser would show, or an address that it was sent to and that is not this server's. */
export interface Shown {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** A browser without a screen: it keeps cookies, follows redirects within the server, and sends the forms of pages. */
export class ABrowser {
  private readonly cookies = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(private readonly home: string) {}

  get(url: string): Promise<Shown> {
    return this.go(url, {});
  }

  /** Sends the form that a page has, with its hidden fields and these. */
  submit(page: Shown, fields: Readonly<Record<string, string | readonly string[]>>): Promise<Shown> {
    const form = new URLSearchParams();
    for (const [, name, value] of page.text.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g))
      form.append(name, unescaped(value));
    for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) form.append(name, value);
    return this.go(page.url, {
      method: 'POST',
      body: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(this.home).origin },
    });
  }

  private async go(url: string, init: { method?: string; body?: string; headers?: Readonly<Record<string, string>> }): Promise<Shown> {
    if (!url.startsWith(this.home)) return { url, status: 0, text: '', headers: new Headers() };
    const path = new URL(url).pathname;
    const cookie = [...this.cookies]
      .filter(([, one]) => path.startsWith(one.path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { accept: 'text/html', ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    const to = answer.headers.get('location');
    const text = await answer.text();
    if (to === null || answer.status < 300 || answer.status > 399) return { url, status: answer.status, text, headers: answer.headers };
    return this.go(new URL(to, url).href, {});
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
