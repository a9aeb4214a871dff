import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { byBytes } from '../entry-names.js';
import type { Bag } from './bag.js';
import type { Findings } from './findings.js';

/** A package that was unpacked. File systems may have brought names into another Unicode form: they are compared in NFC, as they were packed. */
export class FolderBag implements Bag {
  readonly names: readonly string[];
  private readonly paths = new Map<string, string>();

  constructor(
    private readonly folder: string,
    private readonly findings: Findings,
  ) {
    this.walk('');
    this.names = [...this.paths.keys()].toSorted(byBytes);
  }

  read(name: string): AsyncIterable<Buffer> {
    const path = this.paths.get(name);
    if (path === undefined) throw new RangeError(`there is no file ${name}`);
    return createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  }

  at(): string {
    return '';
  }

  private walk(below: string): void {
    for (const entry of readdirSync(join(this.folder, below), { withFileTypes: true })) {
      const name = below + entry.name;
      if (entry.isDirectory()) this.walk(`${name}/`);
      else if (entry.isFile()) this.paths.set(name.normalize('NFC'), join(this.folder, name));
      else this.findings.add('changed', name.normalize('NFC'), 'it is no file but a link or a device');
    }
  }
}
