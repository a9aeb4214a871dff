import { Transform } from 'class-transformer';
import { uid } from '../../dicom/uid.js';
import { Fault } from '../../faults.js';

/** An AE title is 1 to 16 characters, without backslash and control characters (PS3.5 6.2). */
export class MalformedAeTitle extends Fault {
  readonly code = 'malformed-ae-title';
  readonly status = 400;

  constructor() {
    super('An AE title has 1 to 16 characters, no backslash and no control character.');
  }
}

export function aeTitle(text: string): string {
  const title = text.trim();
  if (!/^[ -[\]-~]{1,16}$/.test(title)) throw new MalformedAeTitle();
  return title;
}

export class WorkitemPath {
  @Transform(({ value }) => uid(String(value)))
  readonly workitem!: string;
}

export class RequesterPath extends WorkitemPath {
  /** Whoever asks, as older editions have it at the path's end. */
  @Transform(({ value }) => aeTitle(String(value)))
  readonly requester?: string;
}

export class SubscriberPath extends WorkitemPath {
  @Transform(({ value }) => aeTitle(String(value)))
  readonly subscriber!: string;
}
