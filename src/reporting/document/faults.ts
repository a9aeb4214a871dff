import { Fault } from '../../faults.js';

/** A report refers to more than one document holds. */
export class DocumentTooLarge extends Fault {
  readonly code = 'document-too-large';
  readonly status = 422;

  constructor(most: number) {
    super(`The report refers to more than ${most} resources, the most that one document holds: fetch it by a search.`);
  }
}
