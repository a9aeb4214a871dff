import { Fault } from '../../faults.js';

/** Where a rule's refusal is no conflict with how things stand. */
const STATUS: Readonly<Record<string, number>> = {
  'study-absent': 404,
  'case-absent': 404,
  'run-absent': 404,
  'dataset-absent': 409,
  'not-your-part': 403,
  'own-part': 403,
  blinding: 403,
  'case-not-assigned': 403,
  'part-unknown': 422,
  'kind-unknown': 422,
  'reading-incomplete': 422,
  'prediction-incomplete': 422,
};

/** A rule of studies refuses it; which, its code says (migrations/validation-rules: the database holds them, and words them). */
export class StudyRuleBroken extends Fault {
  readonly status: number;

  constructor(
    readonly code: string,
    words: string,
  ) {
    super(words);
    this.status = STATUS[code] ?? 409;
  }
}

/** There is no such study, or none that is the caller's organisation's. */
export class StudyAbsent extends Fault {
  readonly code = 'study-absent';
  readonly status = 404;

  constructor() {
    super('There is no such study.');
  }
}

/** Nothing of that name or number in the study. */
export class NothingThere extends Fault {
  readonly code = 'not-found';
  readonly status = 404;

  /** @param what  `protocol`, `dataset`, … */
  constructor(what: string) {
    super(`There is no such ${what}.`);
  }
}

/** Whoever calls has no part in the study that does this. */
export class NotYourPart extends Fault {
  readonly code = 'not-your-part';
  readonly status = 403;

  constructor(parts: readonly string[]) {
    super(`In this study this is for: ${parts.join(', ')}.`);
  }
}

/** A protocol lacks something, or something in it is none of its kind. */
export class ProtocolMalformed extends Fault {
  readonly code = 'protocol-malformed';
  readonly status = 422;

  /** @param path  of the member, empty for the whole */
  constructor(path: string, problem: string) {
    super(path === '' ? `The protocol ${problem}.` : `${path} ${problem}.`);
  }
}

/** A person who could be shown a model's answers elsewhere is no blinded reader, and no blinded truther. */
export class NotBlinded extends Fault {
  readonly code = 'not-blinded';
  readonly status = 403;

  constructor() {
    super('Who may look at reports, or manages models, is no blinded reader: readers and truthers have the role study-member alone.');
  }
}

/** Results, or what they are computed from, are asked for while they must not be known. */
export class StillBlinded extends Fault {
  readonly code = 'still-blinded';
  readonly status = 409;

  constructor() {
    super('The study is not unblinded: nothing is told of truth, of the model’s answers or of results.');
  }
}

/** Whoever signs must be asked again who they are (21 CFR 11.200), and could not be. */
export class SignatureNotProven extends Fault {
  readonly code = 'signature-not-proven';
  readonly status = 403;
}

/** The truth of cases is not settled: too few have labelled them, or they disagree. */
export class TruthOpen extends Fault {
  readonly code = 'truth-open';
  readonly status = 409;

  /** @param cases  their keys */
  constructor(readonly cases: readonly string[]) {
    const some = cases.slice(0, 20).join(', ');
    super(`The truth of ${cases.length} cases is not settled by the protocol’s rule: ${some}${cases.length > 20 ? ', …' : ''}.`);
  }
}

/** Cases lack what the protocol groups or compares by, or it is none of its kind. */
export class VariableUnknown extends Fault {
  readonly code = 'variable-unknown';
  readonly status = 409;

  constructor(
    name: string,
    readonly cases: readonly string[],
  ) {
    super(
      `${name} is not known, or is no such value, for ${cases.length} cases: ${cases.slice(0, 20).join(', ')}${cases.length > 20 ? ', …' : ''}.`,
    );
  }
}

/** A case is to be read with the model's answer, and it has none yet. */
export class ModelNotYet extends Fault {
  readonly code = 'model-not-yet';
  readonly status = 409;

  constructor() {
    super('The model has not read the case yet: the run comes before the readings with it.');
  }
}

/** The server does not read with the model that is meant. */
export class ModelNotHere extends Fault {
  readonly code = 'model-not-here';
  readonly status = 422;

  constructor() {
    super('This server has no such model loaded.');
  }
}

/** Nobody looked whether the model was trained on the dataset's cases. */
export class LeakUnchecked extends Fault {
  readonly code = 'leak-unchecked';
  readonly status = 409;

  constructor() {
    super('The dataset was not checked against what the model under test was trained on: make one that names this model.');
  }
}

/** The protocol names an intended use that the regulatory file does not have so. */
export class IntendedUseAbsent extends Fault {
  readonly code = 'intended-use-absent';
  readonly status = 422;

  constructor() {
    super('The regulatory file has no intended use of that id, version and SHA-256.');
  }
}

/** A signature among those of the study is not this server's, or is of something else: nothing is built on them. */
export class SignatureNotHeld extends Fault {
  readonly code = 'signature-not-held';
  readonly status = 409;

  constructor() {
    super('A signature of the study does not hold by this server’s keys.');
  }
}

/** The regulatory file lacks the card of the model under test. */
export class ModelCardAbsent extends Fault {
  readonly code = 'model-card-absent';
  readonly status = 409;

  constructor() {
    super('The regulatory file has no card of the model under test with the SHA-256 that the protocol names.');
  }
}
