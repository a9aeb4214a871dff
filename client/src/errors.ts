/** An error as the graph tells it. */
export interface GraphErrorShape {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly status?: number };
}

/** Something that was asked for was not given. `code` is stable: switch on it, never on the words. */
export class WetreadError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** All that the server told, where it told more than one. */
    readonly errors: readonly GraphErrorShape[] = [],
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** No token, or one that is not valid (any more). */
export class Unauthenticated extends WetreadError {}
/** The caller's roles or scopes do not reach so far. */
export class NotPermitted extends WetreadError {}
/** What was named is not there, or not for this caller. */
export class NotFound extends WetreadError {}
/** It changed meanwhile, or is in a state that does not allow this: read it again. */
export class Conflict extends WetreadError {}
/** The operation or its input is wrong: the same again will fail again. */
export class BadRequest extends WetreadError {}
/** The server, or the way to it, is away: the same again may work. */
export class Unavailable extends WetreadError {}

const BY_STATUS: Readonly<Record<number, typeof WetreadError>> = {
  401: Unauthenticated,
  403: NotPermitted,
  404: NotFound,
  409: Conflict,
  410: NotFound,
  412: Conflict,
  428: Conflict,
  429: Unavailable,
  503: Unavailable,
  507: Unavailable,
};

/** How a server tells what it refuses before the graph reads it (RFC 9457, problem details). */
export interface ProblemShape {
  readonly code?: string;
  readonly detail?: string;
}

/** The exception for a problem. @param status  of the answer */
export const problemFrom = ({ code, detail }: ProblemShape, status: number): WetreadError =>
  errorFrom([{ message: detail ?? `The server answered ${status}.`, extensions: { code, status } }]);

/** The exception for what a server told. @param status  of the answer, where an error has none of its own */
export function errorFrom(errors: readonly GraphErrorShape[], status = 400): WetreadError {
  const [first] = errors;
  const { code = 'unknown', status: own = status } = first?.extensions ?? {};
  const Kind = BY_STATUS[own] ?? (own >= 400 && own < 500 ? BadRequest : WetreadError);
  return new Kind(code, first?.message ?? `The server answered ${own}.`, errors);
}
