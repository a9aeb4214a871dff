import { Fault } from '../../faults.js';

/** The thread that hashes pictures ended before it had answered: out of memory, or an error of ours. */
export class HashWorkerDied extends Fault {
  readonly code = 'hash-worker-died';
  readonly status = 500;

  constructor(override readonly cause: unknown) {
    super('The worker that hashes pictures ended before its work was done.');
  }
}

/** A sample can not be drawn as it was asked for. */
export class SampleImpossible extends Fault {
  readonly code = 'sample-impossible';
  readonly status = 422;
}

/** What a population is to be found by is no rule of its kind. */
export class PopulationMalformed extends Fault {
  readonly code = 'population-malformed';
  readonly status = 422;

  /** @param place  the rule's name */
  constructor(
    readonly place: string,
    what: string,
  ) {
    super(`The population's ${place} ${what}.`);
  }
}

/** The rules and the sample leave no case. */
export class PopulationEmpty extends Fault {
  readonly code = 'population-empty';
  readonly status = 422;

  /** @param excluded  why, and how many */
  constructor(readonly excluded: readonly { readonly reason: string; readonly count: number }[]) {
    super('No case is left: nothing was found, or all was excluded.');
  }
}

/** A training manifest is none, or not whole. */
export class TrainingManifestMalformed extends Fault {
  readonly code = 'training-manifest-malformed';
  readonly status = 422;

  /** @param line  from 1, its head */
  constructor(line: number, what: string) {
    super(`Line ${line} of the training manifest ${what}.`);
  }
}

/** Cases of a test are what the model was trained on: what is measured on them says nothing (FDA, CADe guidance 2022, test data). */
export class TrainingLeak extends Fault {
  readonly code = 'training-leak';
  readonly status = 409;

  /** De-identified keys of the cases, in order; never part of the message. */
  constructor(
    readonly samePatients: readonly string[],
    readonly samePixels: readonly string[],
    readonly samePictures: readonly string[],
  ) {
    super(
      `The model was trained on what is to be its test: ${samePatients.length} cases of the same patients, ${samePixels.length} with the ` +
        `same pixels, ${samePictures.length} with the same picture in another form.`,
    );
  }
}

/** Whether the model was trained on the cases can not be told: it has no manifest of its training, and nobody says why it could not be. */
export class TrainingManifestAbsent extends Fault {
  readonly code = 'training-manifest-absent';
  readonly status = 409;

  /** @param models  NAME/VERSION */
  constructor(readonly models: readonly string[]) {
    super(
      'A model names no manifest of what it was trained on. A test of it needs one, or a stated reason why the cases can be none of it.',
    );
  }
}
