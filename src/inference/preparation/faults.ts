import { Fault } from '../../faults.js';

/** The frame can't be made a model's input: its form or its values are outside what preparation is defined for. */
export class ImageUnpreparable extends Fault {
  readonly code = 'image-unpreparable';
  readonly status = 422;
}

/** Window width of zero or less (below 1 for LINEAR), or a centre or width that is no number: the formula has no meaning. */
export class WindowInvalid extends Fault {
  readonly code = 'window-invalid';
  readonly status = 422;
  constructor() {
    super('The window is not usable: width must be above 0 (LINEAR: 1 or more), centre and width must be finite and come together.');
  }
}
