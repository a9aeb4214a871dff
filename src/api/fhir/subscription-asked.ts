import { Fault } from '../../faults.js';
import type { PayloadContent } from '../../delivery/subscription-form.js';

/** A parameter of a subscription's operation is wrong. */
export class BadSubscriptionParameter extends Fault {
  readonly code = 'bad-parameter';
  readonly status = 400;

  constructor(
    readonly parameter: string,
    words: string,
  ) {
    super(`The parameter ${parameter} ${words}.`);
  }
}

const CONTENTS: ReadonlySet<string> = new Set<PayloadContent>(['empty', 'id-only', 'full-resource']);

/** What `$events` is asked for (Backport 1.1): `eventsSinceNumber`, `eventsUntilNumber`, `content`. @throws BadSubscriptionParameter */
export function eventsAsked(pairs: readonly (readonly [string, string])[]): {
  since: number;
  until: number | undefined;
  content: PayloadContent | undefined;
} {
  const given = new Map(pairs.filter(([name]) => !name.startsWith('_')));
  const unknown = [...given.keys()].find((name) => !['eventsSinceNumber', 'eventsUntilNumber', 'content'].includes(name));
  if (unknown !== undefined)
    throw new BadSubscriptionParameter('that was given', 'must be eventsSinceNumber, eventsUntilNumber or content');
  const content = given.get('content');
  if (content !== undefined && !CONTENTS.has(content))
    throw new BadSubscriptionParameter('content', 'must be empty, id-only or full-resource');
  return {
    since: numberOf(given, 'eventsSinceNumber') ?? 1,
    until: numberOf(given, 'eventsUntilNumber'),
    content: content as PayloadContent | undefined,
  };
}

function numberOf(given: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = given.get(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new BadSubscriptionParameter(name, 'must be a whole number');
  return Number(text);
}
