import { Fault } from '../../faults.js';

/** A cursor or count that the graph did not give or does not take. */
export class BadGraphArgument extends Fault {
  readonly code = 'bad-argument';
  readonly status = 400;

  constructor(name: string, why: string) {
    super(`The argument ${name} ${why}.`);
  }
}

/** The argument as it is, where it can be looked for: no text that is stored has a zero byte, and SQL takes none. */
export function searchable<Text extends string | null | undefined>(name: string, text: Text): Text {
  if (text?.includes('\0')) throw new BadGraphArgument(name, 'has a character that no value has');
  return text;
}
