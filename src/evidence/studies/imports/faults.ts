import { Fault } from '../../../faults.js';

/** Something in what was brought is no reading, or no label: nothing of it is taken. */
export class EntryMalformed extends Fault {
  readonly code = 'entry-malformed';
  readonly status = 422;

  /** @param place  FHIRPath, or a content item by its position and the tag in it */
  constructor(
    readonly place: string,
    problem: string,
  ) {
    super(`${place} ${problem}.`);
  }
}
