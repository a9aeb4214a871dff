import type { Settings } from './settings.js';

/** Where clients reach this server, for what is written without a request to take the host from. */
export class PublicAddress {
  private listening: string;

  constructor(private readonly settings: Pick<Settings, 'PUBLIC_URL' | 'HOST' | 'PORT'>) {
    this.listening = `http://${settings.HOST}:${settings.PORT}`;
  }

  /** True when PUBLIC_URL says it. */
  get isSet(): boolean {
    return this.settings.PUBLIC_URL !== undefined;
  }

  /** PUBLIC_URL, or the address the server listens on; no slash at the end. */
  get base(): string {
    return this.settings.PUBLIC_URL?.replace(/\/+$/, '') ?? this.listening;
  }

  /** The server's FHIR address, for what is written without a request. */
  get fhir(): string {
    return `${this.base}/fhir`;
  }

  /** The server listens: a free port is known only now. */
  listensAt(url: string): void {
    this.listening = url;
  }
}
