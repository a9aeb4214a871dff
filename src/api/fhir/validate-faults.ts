import { Fault } from '../../faults.js';

/** R4 has no resource type of that name. */
export class TypeUnknown extends Fault {
  readonly code = 'type-unknown';
  readonly status = 404;

  constructor() {
    super('R4 has no resource type of that name.');
  }
}

/** There is nothing in the body, or it is in a form that is not taken. */
export class BodyAbsent extends Fault {
  readonly code = 'body-absent';
  readonly status = 400;

  constructor() {
    super('The body is empty, or no resource in a form that is taken here (application/fhir+json, application/fhir+xml).');
  }
}
