import { Transform } from 'class-transformer';
import { uid } from '../../dicom/uid.js';

/** UIDs are checked before anything else sees them (PS3.5 9.1). */
const Uid = () => Transform(({ value }) => uid(String(value)));

export class StudyPath {
  @Uid()
  readonly study!: string;
}

export class SeriesPath extends StudyPath {
  @Uid()
  readonly series!: string;
}

export class InstancePath extends SeriesPath {
  @Uid()
  readonly instance!: string;
}
