import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Checkpoint } from './fit/fit.js';

/**
 * Keeps where each network of a run stands, so that a run that was stopped goes on. They belong to one configuration:
 * after any change of it a run starts anew.
 */
export class Checkpoints {
  private readonly folder: string;

  /** @param configuration  the text of training.json, with whatever else decides the result */
  constructor(root: string, name: string, configuration: string) {
    const key = createHash('sha256').update(configuration).digest('hex').slice(0, 16);
    this.folder = join(root, `${name}-${key}`);
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
