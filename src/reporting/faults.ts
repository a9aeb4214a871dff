import { Fault } from '../faults.js';

/** The model that made the readings is no longer among this server's models. */
export class ModelGone extends Fault {
  readonly code = 'model-gone';
  readonly status = 500;

  constructor() {
    super('The model version that made the readings is not loaded on this server.');
  }
}

/** The archive refused a form of the report; the code says why. */
export class ObjectsNotStored extends Fault {
  readonly code = 'report-objects-not-stored';
  readonly status = 500;

  constructor(readonly because: string) {
    super('The DICOM forms of the report could not be stored.');
  }
}
