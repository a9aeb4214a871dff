import { Fault } from '../../faults.js';

/** A model file is not taken: it is no ONNX, or it holds something a model must not bring. */
export class ModelUnsafe extends Fault {
  readonly code = 'model-unsafe';
  readonly status = 422;
}

/** A model gave outputs that break its contract: nothing may be reported from them. */
export class ModelOutputInvalid extends Fault {
  readonly code = 'model-output-invalid';
  readonly status = 500;
}
