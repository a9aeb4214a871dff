import { GraphQLError } from 'graphql';
import { asFault, Fault } from '../../faults.js';

/** A cursor or count that the graph did not give or does not take. */
export class BadGraphArgument extends Fault {
  readonly code = 'bad-argument';
  readonly status = 400;

  constructor(name: string, why: string) {
    super(`The argument ${name} ${why}.`);
  }
}

/** The caller's roles or its token do not reach so far. */
export class NotPermitted extends Fault {
  readonly code = 'not-permitted';
  readonly status = 403;

  constructor(type: string) {
    super(`This needs a right to ${type} that the caller does not have.`);
  }
}

/** A page of elsewhere, or an address that somebody was made to open, asks for what it may not. */
export class ForeignPage extends Fault {
  readonly code = 'foreign-page';
  readonly status = 403;

  constructor() {
    super('A page of another origin may not ask for this, and an address changes nothing.');
  }
}

/** What was asked for is there in a number that no answer holds. */
export class AnswerTooLarge extends Fault {
  readonly code = 'answer-too-large';
  readonly status = 413;

  constructor() {
    super('The answer would have more than one can hold: ask for shorter pages, or fewer lists within lists.');
  }
}

/** What was asked for is long in the making: others wait. */
export class TookTooLong extends Fault {
  readonly code = 'took-too-long';
  readonly status = 503;

  constructor() {
    super('The answer took too long: ask for shorter pages, or fewer lists within lists.');
  }
}

/** GraphiQL is turned off, or was not installed. */
export class NoGraphiql extends Fault {
  readonly code = 'not-found';
  readonly status = 404;

  constructor() {
    super('There is nothing at this address.');
  }
}

/** The client does not take an event stream. */
export class NotAnEventStream extends Fault {
  readonly code = 'not-acceptable';
  readonly status = 406;

  constructor() {
    super('This address answers with text/event-stream; without events, ask /graphql.');
  }
}

/** A caller follows as much as one may. */
export class TooManySubscriptions extends Fault {
  readonly code = 'TOO_MANY_SUBSCRIPTIONS';
  readonly status = 429;

  constructor(most: number) {
    super(`A caller has ${most} operations open at most, over all its connections.`);
  }
}

/** Events came faster than a subscriber took them. */
export class SubscriberTooSlow extends Fault {
  readonly code = 'subscriber-too-slow';
  readonly status = 503;

  constructor() {
    super('Events came faster than they were taken, and some are lost: subscribe again, and query what was missed.');
  }
}

/** The server did not hear of events for a while. */
export class EventsMissed extends Fault {
  readonly code = 'events-missed';
  readonly status = 503;

  constructor() {
    super('The server may have missed events: subscribe again, and query what was missed.');
  }
}

/** The token that opened a stream expired or was taken back. */
export class TokenOver extends Fault {
  readonly code = 'unauthenticated';
  readonly status = 401;

  constructor() {
    super('The access token that this was opened with is good no more.');
  }
}

/** The server stops. */
export class GoingAway extends Fault {
  readonly code = 'going-away';
  readonly status = 503;

  constructor() {
    super('The server is going: subscribe again shortly, and query what was missed.');
  }
}

/** What was thrown, as graphql hands it on. */
export function graphError(thrown: unknown): GraphQLError {
  const originalError = thrown instanceof Error ? thrown : asFault(thrown);
  return new GraphQLError(originalError.message, { originalError });
}

/** The same for Apollo, which takes the status of an answer from there. */
export function overHttp(thrown: unknown): GraphQLError {
  const originalError = asFault(thrown);
  return new GraphQLError(originalError.message, { originalError, extensions: { http: { status: originalError.status } } });
}
