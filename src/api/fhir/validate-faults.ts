import { Fault } from '../../faults.js';

/** R4 has no resource type of that name. */
export class TypeUnknown extends Fault {
  readonly code = 'type-unknown';
  readonly status = 404;

  constructor() {
    super('R4 has no resource type of that name.');
  }
}

/** There is no resource in the body, or the body is in another form than JSON. */
export class BodyAbsent extends Fault {
  readonly code = 'body-absent';
  readonly status = 400;

  constructor() {
    super('The body must be a resource in JSON (application/fhir+json).');
  }
}
