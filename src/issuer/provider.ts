import type { Provider } from 'oidc-provider';
import type { IssuerKeySet } from './issuer-keys.js';
import type { ProviderParts } from './make-provider.js';
import { findState } from './oidc-state.sql.js';
import { secretHash } from './token-marks.js';

/** oidc-provider, made when it is first needed: the server's address is known by then. Made anew when keys are. */
export class IssuerProvider {
  private made: { readonly of: string; readonly provider: Promise<Provider> } | undefined;

  constructor(private readonly parts: ProviderParts) {}

  /** The issuer's identifier: what `iss` says. */
  get issuer(): string {
    return `${this.parts.parts.address.base}/oauth`;
  }

  async current(): Promise<Provider> {
    const keys = await this.parts.keys.current();
    const of = `${this.issuer} ${keys.version}`;
    if (this.made?.of !== of) this.made = { of, provider: this.make(keys) };
    return this.made.provider;
  }

  /**
   * The form of a token request, with the client whose the refresh token is where nothing says it: SMART's own client leaves it out, as
   * a public app proves nothing by it.
   */
  async withClient(form: string): Promise<string> {
    const given = new URLSearchParams(form);
    const isSaid = ['client_id', 'client_assertion'].some((name) => given.has(name));
    if (isSaid || given.get('grant_type') !== 'refresh_token') return form;
    const id = secretHash(given.get('refresh_token') ?? '');
    const row = await this.parts.parts.database.statement((tx) => findState(tx, 'RefreshToken', id));
    const clientId = row?.payload['clientId'];
    return typeof clientId === 'string' ? `${form}&client_id=${encodeURIComponent(clientId)}` : form;
  }

  private async make(keys: IssuerKeySet): Promise<Provider> {
    const { makeProvider } = await import('./make-provider.js');
    return makeProvider(this.issuer, this.parts, keys);
  }
}
