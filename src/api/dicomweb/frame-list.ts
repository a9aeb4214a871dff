import { Transform } from 'class-transformer';
import { Fault } from '../../faults.js';
import { InstancePath } from './archive-paths.js';

/** More do not fit into a request line. */
const MOST_FRAMES = 10_000;

/** A frame list is whole numbers from 1, separated by commas (PS3.18 10.4.1.1.6). */
export class BadFrameList extends Fault {
  readonly code = 'bad-frame-list';
  readonly status = 400;

  constructor() {
    super('The frame list must be numbers from 1, separated by commas; 10,000 at most.');
  }
}

/** The frames of an instance that a request names, in its order. */
export class FramesPath extends InstancePath {
  @Transform(({ value }) => frameList(String(value)))
  readonly frames!: readonly number[];
}

function frameList(text: string): number[] {
  const numbers = text.split(',');
  if (numbers.length > MOST_FRAMES || !numbers.every((one) => /^[1-9]\d{0,8}$/.test(one))) throw new BadFrameList();
  return numbers.map(Number);
}
