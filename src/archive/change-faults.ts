import type { Tag } from '../dicom/dicom-json.js';
import { Fault } from '../faults.js';
import type { Level } from './attribute-levels.js';

const named = (at: Tag): string => `(${at.slice(0, 4)},${at.slice(4)})`;

/** A change that names no attribute. */
export class NothingToChange extends Fault {
  readonly code = 'nothing-to-change';
  readonly status = 400;

  constructor() {
    super('The change names no attribute.');
  }
}

/** What the instance is, where it belongs, how its bytes are laid out, or what the server itself says: no change reaches it. */
export class AttributeNotChangeable extends Fault {
  readonly code = 'attribute-not-changeable';
  readonly status = 422;

  constructor(readonly tag: Tag) {
    super(`This attribute cannot be changed. Element ${named(tag)}.`);
  }
}

/** An attribute of the patient or study changes for the whole study, one of a series for the whole series. */
export class AttributeOfOtherLevel extends Fault {
  readonly code = 'attribute-of-other-level';
  readonly status = 422;

  constructor(
    readonly tag: Tag,
    level: Level,
  ) {
    super(`This attribute is changed in the metadata of the ${level}. Element ${named(tag)}.`);
  }
}

/** A private element stands in a block that a Private Creator has reserved (PS3.5 7.8.1). */
export class PrivateCreatorMissing extends Fault {
  readonly code = 'private-creator-missing';
  readonly status = 422;

  constructor(readonly tag: Tag) {
    super(`A private element needs its Private Creator. Element ${named(tag)}.`);
  }
}

/** Sequences in what was there before are nested so deep that they cannot be kept below the Original Attributes Sequence. */
export class TooDeepToKeep extends Fault {
  readonly code = 'too-deep-to-keep';
  readonly status = 422;

  constructor(readonly tag: Tag) {
    super(`What this attribute holds is nested too deep to be kept as an original attribute. Element ${named(tag)}.`);
  }
}
