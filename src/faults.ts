/**
 * The base of every fault: a thing that can go wrong and that a caller is told about.
 * The message never holds PHI; `code` is stable, clients switch on it; `status` is the HTTP status of all wires.
 */
export abstract class Fault extends Error {
  abstract readonly code: string;
  abstract readonly status: number;

  override get name(): string {
    return this.constructor.name;
  }
}

/** Something broke that no caller caused. What it was stands in the log by its class, never in the answer. */
export class InternalFault extends Fault {
  readonly code = 'internal';
  readonly status = 500;

  constructor(override readonly cause: unknown) {
    super('The server could not do this because of an error of its own.');
  }
}

/** A fault that the framework found: an unknown route, a body too large, a wrong media type. */
export class FrameworkFault extends Fault {
  readonly code: string;

  constructor(
    readonly status: number,
    code: string,
    message: string,
  ) {
    super(message);
    this.code = code;
  }
}

const FRAMEWORK_FAULTS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['bad-request', 'The request is malformed.'],
  401: ['unauthenticated', 'This needs a valid access token.'],
  403: ['forbidden', 'This is not allowed.'],
  404: ['not-found', 'There is nothing at this address.'],
  405: ['method-not-allowed', 'This address does not take this method.'],
  406: ['not-acceptable', 'No representation that was asked for can be given.'],
  408: ['request-timeout', 'The request took too long to arrive.'],
  413: ['too-large', 'The request is too large.'],
  414: ['uri-too-long', 'The address is too long.'],
  415: ['unsupported-media-type', 'The media type of the request is not taken here.'],
  429: ['too-many-requests', 'Too many requests. Try again shortly.'],
  503: ['unavailable', 'The server cannot answer at the moment. Try again shortly.'],
};

/** Whatever was thrown, as a fault. The framework's errors keep their status and lose their words, which may quote input. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const thrown = error as { status?: unknown; statusCode?: unknown; getStatus?: () => number } | null;
  const status = thrown?.getStatus?.() ?? thrown?.statusCode ?? thrown?.status;
  const known = typeof status === 'number' ? FRAMEWORK_FAULTS[status] : undefined;
  return known ? new FrameworkFault(status as number, ...known) : new InternalFault(error);
}
