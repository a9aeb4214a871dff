import { Fault } from '../faults.js';

/** A frame's bytes cannot be decoded to what the instance says they hold: cut off, garbled or of another size. */
export class CorruptFrame extends Fault {
  readonly code = 'corrupt-frame';
  readonly status = 422;
  constructor(readonly reason: string) {
    super(`The frame cannot be decoded: ${reason}.`);
  }
}

/** No decoder for this transfer syntax (PS3.18 8.7.3: the server cannot give the representation asked for). */
export class UnsupportedTransferSyntax extends Fault {
  readonly code = 'unsupported-transfer-syntax';
  readonly status = 406;
  constructor() {
    super('This server cannot decode the transfer syntax of this instance.');
  }
}

/** The transfer syntax is known, but not with pixels of this kind. */
export class UnsupportedPixels extends Fault {
  readonly code = 'unsupported-pixels';
  readonly status = 406;
  constructor(readonly reason: string) {
    super(`This server cannot decode or render such pixels: ${reason}.`);
  }
}

/** The part of the image that a viewport asks for is not wholly inside it (PS3.18 8.3.5.1.3). */
export class RegionOutside extends Fault {
  readonly code = 'region-outside';
  readonly status = 400;
  constructor() {
    super('The region that the viewport asks for reaches beyond the image.');
  }
}

/** As many jobs wait as the pool may hold. */
export class PixelsBusy extends Fault {
  readonly code = 'pixels-busy';
  readonly status = 503;
  constructor() {
    super('Too many frames are waiting to be decoded. Try again later.');
  }
}

/** A job took longer than the pool allows; its worker was replaced. */
export class PixelTimeLimit extends Fault {
  readonly code = 'pixel-time-limit';
  readonly status = 500;
  constructor(readonly milliseconds: number) {
    super(`The frame was not ready within ${milliseconds} ms.`);
  }
}

/** Whoever asked for it has gone: nobody hears this. */
export class NotWanted extends Fault {
  readonly code = 'not-wanted';
  readonly status = 503;
  constructor() {
    super('The connection that asked for this was closed.');
  }
}

/** The worker died under a job, of memory most likely; it was replaced. */
export class PixelWorkerDied extends Fault {
  readonly code = 'pixel-worker-died';
  readonly status = 500;
  constructor() {
    super('The worker that decoded this frame died.');
  }
}

/** The pool is closed: the server is going down. */
export class PixelPoolClosed extends Fault {
  readonly code = 'pixel-pool-closed';
  readonly status = 503;
  constructor() {
    super('The server is shutting down.');
  }
}

/** The faults that a worker finds: they cross the thread boundary as code and reason. */
export type DecodingFault = CorruptFrame | UnsupportedPixels | UnsupportedTransferSyntax;

/** Makes a worker's fault anew on this side of the boundary, where a class does not survive the copy. */
export function decodingFault({ code, reason }: { code: DecodingFault['code']; reason: string }): DecodingFault {
  if (code === 'unsupported-transfer-syntax') return new UnsupportedTransferSyntax();
  return code === 'corrupt-frame' ? new CorruptFrame(reason) : new UnsupportedPixels(reason);
}
