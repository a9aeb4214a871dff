import { Fault } from '../faults.js';

/** The training data are not what their index says: nothing may be trained or measured on them. */
export class DatasetBroken extends Fault {
  readonly code = 'dataset-broken';
  readonly status = 500;
}

/** The ONNX graph and the trainer disagree on the same picture: the model is not written. */
export class GraphDisagrees extends Fault {
  readonly code = 'graph-disagrees';
  readonly status = 500;
}

/** A network is put together wrongly: shapes that do not fit, a parameter that has no part in the loss. */
export class GraphMalformed extends Fault {
  readonly code = 'graph-malformed';
  readonly status = 500;
}
