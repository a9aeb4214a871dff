import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { headIn } from './head.js';

/** More lines than this are made fewer: 1.5 MB. */
const MOST = 4_096;
/** How many of the last ones stay then; of those before them the last of each hour, and of these hours so many. */
const LATEST = 1_024;
const HOURS = 2_048;

export const HEADS_FILE = 'ledger-heads.jws';

/**
 * The file in the data folder to which a server appends what it has seen of the chain: a line each, on stable storage before the next.
 * Each vouches for all before it, so that few of the old ones are enough. Nobody else writes there.
 */
export class HeadsFile {
  private readonly path: string;
  private count: number | undefined;

  constructor(folder: string) {
    this.path = join(folder, HEADS_FILE);
  }

  /** All lines that were written to their end; undefined where there is no file. */
  async lines(): Promise<string[] | undefined> {
    try {
      return (await readFile(this.path, 'utf8')).split('\n').slice(0, -1); // what follows the last end of a line is torn
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Appends a line, on stable storage when it answers. Throws what the file system does (ENOSPC …); the next call mends what is torn. */
  async append(line: string): Promise<void> {
    const there = this.count;
    this.count = undefined;
    if (there === undefined || there >= MOST) return this.rewrite(line);
    const file = await open(this.path, 'a', 0o600);
    try {
      await file.appendFile(`${line}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    this.count = there + 1;
  }

  /** Writes it anew without what is torn or too much: beside its place, on stable storage, then moved there. */
  private async rewrite(line: string): Promise<void> {
    const lines = fewer([...((await this.lines()) ?? []), line]);
    const draft = `${this.path}.new`;
    await mkdir(dirname(this.path), { recursive: true });
    await rm(draft, { force: true }); // of a server that was killed here
    await writeFile(draft, lines.map((one) => `${one}\n`).join(''), { mode: 0o600, flush: true });
    await rename(draft, this.path);
    const folder = await open(dirname(this.path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    this.count = lines.length;
  }
}

/** The lines as they are, or where they are many the last ones and one an hour before them. */
export function fewer(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST) return lines;
  const ofHours = new Map(lines.slice(0, -LATEST).map((line) => [headIn(line)?.time.slice(0, 13), line])); // the last of each
  return [...[...ofHours.values()].slice(-HOURS), ...lines.slice(-LATEST)];
}
