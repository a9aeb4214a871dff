import { Fault } from '../faults.js';

/** Nobody said who calls (RFC 6750 3.1: without a token no reason is told). */
export class TokenAbsent extends Fault {
  readonly code = 'unauthenticated';
  readonly status = 401;

  constructor() {
    super('This needs a valid access token.');
  }
}

/** The token is not taken: why is told in a word, never what stood in it. */
export class TokenRefused extends Fault {
  readonly code = 'token-refused';
  readonly status = 401;

  constructor(
    readonly why:
      | 'malformed'
      | 'not for access'
      | 'expired'
      | 'not valid yet'
      | 'of another issuer'
      | 'for another audience'
      | 'unsigned or wrongly signed'
      | 'revoked'
      | 'inactive'
      | 'of no organisation here',
  ) {
    super(`The access token is not taken: it is ${why}.`);
  }
}

/** The outside issuer does not answer: nobody can be made out at the moment. */
export class IssuerAway extends Fault {
  readonly code = 'issuer-away';
  readonly status = 503;

  constructor() {
    super('The issuer of access tokens does not answer at the moment. Try again shortly.');
  }
}

/** What a 401 says of how to come in (RFC 6750 3). */
export const challengeOf = (fault: Fault): string =>
  fault instanceof TokenRefused
    ? `Bearer realm="wetread", error="invalid_token", error_description="${fault.message}"`
    : 'Bearer realm="wetread"';
