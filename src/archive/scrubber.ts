import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import { asServer } from '../database/scope.js';
import { event, thrownFields } from '../log.js';
import { recordVerdict, scrubObject } from './scrub-object.js';
import { advanceRound, claimRound, endRound, objectsAfter, type ScrubbedObject } from './scrub.sql.js';
import type { ObjectStorage } from './storage/object-storage.js';

const OBJECTS_AT_ONCE = 32;
const LEASE_SECONDS = 300;
/** Pauses shorter than this are saved up: a timer is not that exact. */
const SHORTEST_PAUSE_MS = 20;

/**
 * Reads every object again, slowly, against its SHA-256: bytes rot unseen. One server of a database at a time, a round a day
 * at most, going on after a restart where it was.
 */
export class Scrubber {
  private readonly holder = randomUUID();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private owedMs = 0;

  /** @param limits.bytesPerSecond  0: never; `restMs`: how long to wait before the first look, and when there is nothing to do */
  constructor(
    private readonly database: Database,
    private readonly storage: ObjectStorage,
    private readonly limits: { readonly bytesPerSecond: number; readonly restMs: number },
  ) {}

  start(): void {
    if (this.limits.bytesPerSecond > 0) this.running = asServer(() => this.run());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const worked = await this.some().catch((error: unknown) => {
        if (!signal.aborted) event('archive.scrub-failed', thrownFields(error));
        return false; // the store or the database is away: it says nothing of the objects
      });
      if (!worked) await sleep(this.limits.restMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The next few objects; answers false where there is nothing to do now. */
  private async some(): Promise<boolean> {
    const afterRow = await this.database.statement((tx) => claimRound(tx, this.holder, LEASE_SECONDS));
    if (afterRow === undefined) return false;
    const objects = await this.database.statement((tx) => objectsAfter(tx, afterRow, OBJECTS_AT_ONCE));
    if (objects.length === 0) {
      const ended = await this.database.statement((tx) => endRound(tx, this.holder));
      event('archive.scrubbed', { ...ended });
      return false;
    }
    const read: ScrubbedObject[] = [];
    try {
      for (const object of objects) {
        await recordVerdict(this.database, object, await scrubObject(this.storage, object, (bytes) => this.pause(bytes)));
        read.push(object);
      }
    } finally {
      const last = read.at(-1);
      const bytes = read.reduce((sum, one) => sum + one.bytes, 0);
      if (last) await this.database.statement((tx) => advanceRound(tx, this.holder, last.instanceRow, { objects: read.length, bytes }));
    }
    return true;
  }

  /** Throws when the server stops: a large object is not read to its end then. */
  private async pause(bytes: number): Promise<void> {
    this.stopping.signal.throwIfAborted();
    this.owedMs += (bytes / this.limits.bytesPerSecond) * 1_000;
    if (this.owedMs < SHORTEST_PAUSE_MS) return;
    const pause = this.owedMs;
    this.owedMs = 0;
    await sleep(pause, undefined, { signal: this.stopping.signal });
  }
}
