import { Fault } from '../faults.js';

/** A Subscription asks for something that can't be done here; the words go into its `error`. */
export class SubscriptionUnusable extends Fault {
  readonly code = 'subscription-unusable';
  readonly status = 422;
}

/** An endpoint is not reached, does not take what it is sent, or is none that may be asked. The words say which, and name no answer's text. */
export class EndpointFailed extends Fault {
  readonly code = 'endpoint-failed';
  readonly status = 502;
}

/** The subscription is not heard here: it was never active, is off, or is none. */
export class SubscriptionAbsent extends Fault {
  readonly code = 'subscription-absent';
  readonly status = 404;

  constructor() {
    super('There is no such subscription that is or was active.');
  }
}

/** Only a subscription whose channel is a WebSocket has a token for one. */
export class NoWebSocket extends Fault {
  readonly code = 'no-websocket';
  readonly status = 422;

  constructor() {
    super('The channel of this subscription is not of type websocket.');
  }
}
