import { Fault } from '../../faults.js';

/** A file of a package has a name that would not be unpacked to the same file by everyone. */
export class PackageNameRefused extends Fault {
  readonly code = 'package-name';
  readonly status = 422;

  constructor(
    readonly entry: string,
    readonly why: string,
  ) {
    super('A file has a name that a package cannot have.');
  }
}

/** What a package is told to hold cannot stand in it: a label or value of bag-info.txt with an end of line, say. */
export class PackageFactRefused extends Fault {
  readonly code = 'package-fact';
  readonly status = 422;

  constructor(readonly fact: string) {
    super('A fact about the package cannot be written as its form asks.');
  }
}

/** A file gave other bytes when it was packed than when its digests were taken. */
export class PackageFileChanged extends Fault {
  readonly code = 'package-file-changed';
  readonly status = 500;

  constructor(readonly entry: string) {
    super('A file changed while the package was made.');
  }
}
