/**
 * As much of the browser's XMLHttpRequest (https://xhr.spec.whatwg.org) over fetch as dicomweb-client uses, which knows no other way
 * to the network. It changes no header and no byte: what is tested is the client's own request and its own reading of the answer.
 */
export class XmlHttpRequestOverFetch {
  readyState = 0;
  status = 0;
  response: unknown = null;
  responseType = '';
  withCredentials = false;
  onreadystatechange: (() => void) | null = null;
  onloadstart: (() => void) | null = null;
  onloadend: (() => void) | null = null;
  private method = 'GET';
  private url = '';
  private readonly asked = new Headers();
  private answered = new Headers();

  open(method: string, url: string): void {
    [this.method, this.url, this.readyState] = [method, url, 1];
  }

  setRequestHeader(name: string, value: string): void {
    this.asked.append(name, value);
  }

  getResponseHeader(name: string): string | null {
    return this.answered.get(name);
  }

  getAllResponseHeaders(): string {
    return [...this.answered].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  send(body?: ArrayBuffer): void {
    this.onloadstart?.();
    void this.exchange(body).finally(() => {
      this.readyState = 4;
      this.onreadystatechange?.();
      this.onloadend?.();
    });
  }

  private async exchange(body: ArrayBuffer | undefined): Promise<void> {
    try {
      const answer = await fetch(this.url, { method: this.method, headers: this.asked, body });
      const bytes = await answer.arrayBuffer();
      [this.status, this.answered] = [answer.status, answer.headers];
      this.response = this.responseType === 'arraybuffer' ? bytes : this.asObject(Buffer.from(bytes).toString());
    } catch {
      this.status = 0; // a network error
    }
  }

  /** As `responseType` says: of JSON that cannot be read, null. */
  private asObject(text: string): unknown {
    if (this.responseType !== 'json') return text;
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }
}
