import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Checkpoint } from './fit/fit.js';

/**
 * Keeps where each network of a run stands, so that a run that was stopped goes on. They belong to one configuration and
 * its data: after any change of these a run starts anew.
 */
export class Checkpoints {
  private readonly folder: string;

  /** @param decisive  all that decides the result: code, the text of training.json, the pictures, threads, weights to start from */
  constructor(root: string, name: string, decisive: Iterable<string | Uint8Array>) {
    const hash = createHash('sha256');
    for (const part of decisive) hash.update(part);
    this.folder = join(root, `${name}-${hash.digest('hex').slice(0, 16)}`);
  }

  load(member: number): Checkpoint | undefined {
    const path = this.path(member);
    return existsSync(path) ? (deserialize(readFileSync(path)) as Checkpoint) : undefined; // written by save
  }

  /** Whole or not at all: a stop in the middle leaves the one before. */
  save(member: number, checkpoint: Checkpoint): void {
    mkdirSync(this.folder, { recursive: true });
    const path = this.path(member);
    writeFileSync(`${path}.new`, serialize(checkpoint));
    renameSync(`${path}.new`, path);
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private path(member: number): string {
    return join(this.folder, `member-${member}.checkpoint`);
  }
}
