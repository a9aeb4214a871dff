import { Fault } from '../faults.js';

/** The training data are not what their index says: nothing may be trained or measured on them. */
export class DatasetBroken extends Fault {
  readonly code = 'dataset-broken';
  readonly status = 500;
}

/** A network is put together wrongly: shapes that do not fit, a parameter that has no part in the loss. */
export class GraphMalformed extends Fault {
  readonly code = 'graph-malformed';
  readonly status = 500;
}

/** A file of weights is not one, or not of this network. */
export class WeightsUnfit extends Fault {
  readonly code = 'weights-unfit';
  readonly status = 422;
}

/** Training ran away: the loss, or what a network gives, is no finite number. */
export class TrainingDiverged extends Fault {
  readonly code = 'training-diverged';
  readonly status = 500;

  constructor(epoch: number) {
    super(`In epoch ${epoch} the loss was no finite number. A lower rate or gradientLimit may help.`);
  }
}

/** There is no model to be measured again. */
export class ModelNotThere extends Fault {
  readonly code = 'model-not-there';
  readonly status = 404;

  constructor() {
    super('No model of this name and version lies in the folder that was trained here and can be loaded.');
  }
}

/** The test cases have been evaluated for this name and version before, by another model: nothing is written over it unasked. */
export class TestSplitUsed extends Fault {
  readonly code = 'test-split-used';
  readonly status = 409;
  constructor() {
    super('The test cases have been evaluated for this model before. Give it a new version, or --again, which its card will say.');
  }
}
