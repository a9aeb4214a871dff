import { Fault } from '../faults.js';

/** A card.json is not what a model card must be. The message names the place and what was wrong there. */
export class InvalidModelCard extends Fault {
  readonly code = 'invalid-model-card';
  readonly status = 422;

  /** @param path  where in the card, as in `classes[1].code.system`; empty for the card itself */
  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(path === '' ? `The model card ${problem}.` : `The model card's ${path} ${problem}.`);
  }
}

/** The model file is another one than its card describes. */
export class ModelHashMismatch extends Fault {
  readonly code = 'model-hash-mismatch';
  readonly status = 422;

  constructor() {
    super("The model file's SHA-256 is not the one in its card.");
  }
}

/** The file of what a model was trained on is another one than its card names. */
export class TrainingManifestMismatch extends Fault {
  readonly code = 'training-manifest-mismatch';
  readonly status = 422;

  constructor() {
    super("The SHA-256 of the model's training manifest is not the one in its card.");
  }
}

/** The card promises something of the graph that the graph does not have. */
export class ModelContradictsCard extends Fault {
  readonly code = 'model-contradicts-card';
  readonly status = 422;

  constructor(readonly contradiction: string) {
    super(`The model and its card disagree: ${contradiction}.`);
  }
}

/** The card or the model file is not there or can't be read. */
export class ModelUnreadable extends Fault {
  readonly code = 'model-unreadable';
  readonly status = 422;

  /** @param file  its name, which is this project's or a card's */
  constructor(file: string) {
    super(`The model's ${file} is absent or cannot be read.`);
  }
}

/** No engine process could load the model: its runs are refused until the server starts anew. */
export class ModelUnusable extends Fault {
  readonly code = 'model-unusable';
  readonly status = 500;

  constructor(readonly why: string) {
    super('The model could not be loaded by the engine.');
  }
}

/** As many runs wait as the engine may hold. */
export class EngineBusy extends Fault {
  readonly code = 'engine-busy';
  readonly status = 503;

  constructor() {
    super('Too many images are waiting to be read. Try again later.');
  }
}

/** The engine is closed: the server is going down. */
export class EngineClosed extends Fault {
  readonly code = 'engine-closed';
  readonly status = 503;

  constructor() {
    super('The server is shutting down.');
  }
}

/** The process that ran the model died, of memory or of a fault in native code; it is replaced. */
export class EngineCrashed extends Fault {
  readonly code = 'engine-crashed';
  readonly status = 500;

  constructor() {
    super('The process that ran the model died.');
  }
}

/** A run took longer than it may; its process was killed and is replaced. */
export class RunTimedOut extends Fault {
  readonly code = 'run-timed-out';
  readonly status = 500;

  constructor(readonly milliseconds: number) {
    super(`The model was not ready within ${milliseconds} ms.`);
  }
}

/** The runtime refused to load or to run the graph. */
export class RunFailed extends Fault {
  readonly code = 'run-failed';
  readonly status = 500;

  constructor(readonly reason: string) {
    super(`The model could not be run: ${reason}.`);
  }
}

/** The model reads series as volumes: a study whose cases are images cannot be run with it. */
export class ModelReadsSeries extends Fault {
  readonly code = 'model-reads-series';
  readonly status = 422;

  constructor() {
    super('The model reads whole series, not single images.');
  }
}

/** There is no such model here. */
export class ModelAbsent extends Fault {
  readonly code = 'model-absent';
  readonly status = 404;

  constructor() {
    super('This server has no model of this name.');
  }
}

/** This version of the model is there: what has read studies is not written over. */
export class ModelExists extends Fault {
  readonly code = 'model-exists';
  readonly status = 409;

  constructor() {
    super('This version of the model is there already; a change is another version.');
  }
}

/** The folder of models came with the source. */
export class ModelsFolderFixed extends Fault {
  readonly code = 'models-folder-fixed';
  readonly status = 409;

  constructor() {
    super('This server reads with the models of its source. Set MODELS to a folder of its own, and models can be brought.');
  }
}

/** The runtime refuses the graph, or does not survive it. */
export class ModelNotRunnable extends Fault {
  readonly code = 'model-not-runnable';
  readonly status = 422;

  constructor(why: string) {
    super(`The model could not be loaded: ${why}.`);
  }
}

/** The file is larger than a model may be. */
export class ModelTooLarge extends Fault {
  readonly code = 'model-too-large';
  readonly status = 413;

  constructor() {
    super('A model file may have 1 GiB.');
  }
}

/** There is no such upload, or not any more. */
export class UploadAbsent extends Fault {
  readonly code = 'upload-absent';
  readonly status = 404;

  constructor() {
    super('There is no such upload here.');
  }
}

/** A part begins behind what has arrived. */
export class UploadGap extends Fault {
  readonly code = 'upload-gap';
  readonly status = 409;

  constructor(received: number) {
    super(`The next part must begin at ${received} at most.`);
  }
}

/** As many uploads are under way as may be. */
export class UploadsFull extends Fault {
  readonly code = 'uploads-full';
  readonly status = 503;

  constructor() {
    super('Too many uploads are under way. Try again later.');
  }
}

/** There is no such study, or not for this caller. */
export class StudyAbsent extends Fault {
  readonly code = 'study-absent';
  readonly status = 404;

  constructor() {
    super('There is no study of this UID.');
  }
}

/** The folder of models is not there or cannot be read. */
export class NoModelsFolder extends Fault {
  readonly code = 'no-models-folder';
  readonly status = 500;

  constructor() {
    super('The folder of models (MODELS) is not there or cannot be read.');
  }
}

/** 4xx: the image itself cannot be read, now or later. A broken model is no reason to keep the others from the study. */
export const belongsToImage = (fault: Fault): boolean =>
  (fault.status >= 400 && fault.status < 500) || ['model-unusable', 'model-output-invalid'].includes(fault.code);
