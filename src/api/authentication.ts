import type { IncomingHttpHeaders } from 'node:http';
import { LOCAL_CALLER, type Caller } from '../access/caller.js';
import { TokenAbsent } from '../access/faults.js';
import { brokenGlass, withPurpose } from '../access/purpose.js';
import type { OutsideIssuer } from '../access/token-keys.js';
import type { Tokens } from '../access/tokens.js';

/** Makes out who calls, for every door: by the token of the Authorization header alone (RFC 6750 2.1), never one in an address. */
export class Authentication {
  /**
   * @param tokens   undefined where authentication is off
   * @param outside  whose tokens they are, where they are not the built-in issuer's
   */
  constructor(
    private readonly tokens: Tokens | undefined,
    readonly outside?: OutsideIssuer,
  ) {}

  get isOn(): boolean {
    return this.tokens !== undefined;
  }

  /** Who calls. Throws TokenAbsent, TokenRefused, IssuerAway, the faults of purpose.ts. */
  async callerOf(headers: IncomingHttpHeaders): Promise<Caller> {
    return withReasons(await this.holderOf(headers), headers);
  }

  /** Whether the token that somebody was made out by is good still. Throws TokenRefused, DatabaseAway. */
  async stillGood(caller: Caller): Promise<void> {
    await this.tokens?.stillGood(caller);
  }

  /** Whose the token is, whatever reasons the request says. Throws TokenAbsent, TokenRefused, IssuerAway. */
  async holderOf(headers: IncomingHttpHeaders): Promise<Caller> {
    return this.tokens === undefined ? LOCAL_CALLER : this.tokens.callerOf(tokenIn(headers));
  }
}

/** The caller with why it asks, as the request says. Throws the faults of purpose.ts. */
export function withReasons(caller: Caller, headers: IncomingHttpHeaders): Caller {
  const { 'x-break-glass': reason, 'x-purpose-of-use': purpose } = headers;
  if (reason !== undefined) return brokenGlass(caller, [reason].flat().join(' '));
  return purpose === undefined ? caller : withPurpose(caller, [purpose].flat().join(' '));
}

function tokenIn({ authorization }: IncomingHttpHeaders): string {
  const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) throw new TokenAbsent();
  return token;
}
