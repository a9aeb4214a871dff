import { Fault } from '../faults.js';

/** The Image Pixel attributes are missing, out of range or contradict each other (PS3.3 C.7.6.3): no pixel can be trusted. */
export class InvalidPixelDescription extends Fault {
  readonly code = 'invalid-pixel-description';
  readonly status = 422;
  constructor(reason: string) {
    super(`The Image Pixel attributes cannot be used: ${reason}.`);
  }
}

/** No Pixel Data, Float Pixel Data or Double Float Pixel Data element: there is nothing to render. */
export class NoPixelData extends Fault {
  readonly code = 'no-pixel-data';
  readonly status = 406;
  constructor() {
    super('There is no pixel data here.');
  }
}

/** One frame has more samples than the server is willing to hold in memory. */
export class PixelsTooLarge extends Fault {
  readonly code = 'pixels-too-large';
  readonly status = 422;
  constructor(readonly samples: number) {
    super(`One frame of this instance has ${samples} samples, beyond the limit.`);
  }
}

/** A window narrower than its function allows: the clause gives it no meaning (PS3.3 C.11.2.1.2.1, C.11.2.1.3.2). */
export class WindowTooNarrow extends Fault {
  readonly code = 'window-too-narrow';
  readonly status = 422;
  constructor(readonly windowWidth: number) {
    super('The window width is below what the VOI LUT Function allows.');
  }
}
