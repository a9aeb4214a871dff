import { Fault } from '../../faults.js';

/** What of the model is another than the protocol names. `gone`: this server has no model of that name and version any more. */
export type Swapped = 'gone' | 'graph' | 'card' | 'graph-file' | 'card-file';

const WORDS: Readonly<Record<Swapped, string>> = {
  gone: 'this server no longer reads with it',
  graph: 'its graph has another SHA-256',
  card: 'its card has another SHA-256',
  'graph-file': 'the file of its graph was changed or taken away since it was loaded',
  'card-file': 'the file of its card was changed or taken away since it was loaded',
};

/** The model is not the one that the protocol was locked with: nothing is read with it. */
export class ModelSwapped extends Fault {
  readonly code = 'model-swapped';
  readonly status = 409;

  constructor(readonly what: Swapped) {
    super(`The model is not the one that the protocol names: ${WORDS[what]}.`);
  }
}

/** The protocol's finding is no class of the model's card, or no finding. */
export class NoSuchFinding extends Fault {
  readonly code = 'no-such-finding';
  readonly status = 422;

  constructor() {
    super("The protocol's finding is not a class of the model's card that means a finding.");
  }
}

/** From fewer cases no time can be estimated with what it may miss by. */
export class TooFewMeasured extends Fault {
  readonly code = 'too-few-measured';
  readonly status = 422;

  constructor(least: number) {
    super(`A run is planned from ${least} measured cases at least.`);
  }
}
