import type { OpenOperations } from './open-operations.js';
import type { Refusals } from './refusals.js';
import type { Turns } from './turns.js';

/** What holds for operations while they run, whichever way they came. */
export class Running {
  constructor(
    /** How much each caller has open. */
    readonly open: OpenOperations,
    readonly refusals: Refusals,
    readonly turns: Turns,
  ) {}
}
