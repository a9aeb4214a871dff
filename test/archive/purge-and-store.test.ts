import { asServer } from '../../src/database/scope.js';
import { aCaller } from '../a-caller.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Deletions } from '../../src/archive/deletions.js';
import { Ingest } from '../../src/archive/ingest.js';
import { PurgeDeletion } from '../../src/archive/purge-deletion.js';
import { DiskStorage } from '../../src/archive/storage/disk.js';
import type { ReceivedFile } from '../../src/archive/storage/incoming-file.js';
import type { Database } from '../../src/database/database.js';
import { aDatabase } from '../a-database.js';
import { aChestXray } from '../e2e/instances.js';

const CALLER = aCaller('system');

type Step = 'before a removal' | 'after files were kept';

/** A store of which one step can be held up. */
class HeldStorage extends DiskStorage {
  holdUp: { at: Step; reached: () => void; until: Promise<void> } | undefined;

  override async discard(sha256: string): Promise<void> {
    await this.pauseAt('before a removal');
    await super.discard(sha256);
  }

  override async keep(files: readonly ReceivedFile[]): Promise<ReadonlySet<string>> {
    const there = await super.keep(files);
    await this.pauseAt('after files were kept');
    return there;
  }

  /** The next time it comes there it waits; answers the moment it is there, and how to let it go on. */
  hold(at: Step): { readonly reached: Promise<void>; readonly goOn: () => void } {
    const reached = Promise.withResolvers<void>();
    const until = Promise.withResolvers<void>();
    this.holdUp = { at, reached: reached.resolve, until: until.promise };
    return { reached: reached.promise, goOn: until.resolve };
  }

  private async pauseAt(at: Step): Promise<void> {
    const held = this.holdUp;
    if (held?.at !== at) return;
    this.holdUp = undefined;
    held.reached();
    await held.until;
  }
}

let database: Database;
let folder: string;
let storage: HeldStorage;
let ingest: Ingest;
beforeEach(async () => {
  database = await aDatabase();
  folder = mkdtempSync(join(tmpdir(), 'wetread-purge-'));
  storage = new HeldStorage(folder, 0);
  ingest = new Ingest(database, storage, { quietPeriodSeconds: 0, freeSpaceFloorBytes: 0 });
});
afterEach(async () => {
  await ingest.settled();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const one = aChestXray();
const store = () =>
  ingest.store(
    CALLER,
    (async function* () {
      yield (async function* () {
        yield one.bytes;
      })();
    })(),
  );
const purge = () => new PurgeDeletion(database, storage, { purgeAfterDays: 0 });
/** Stored, deleted, and due to be purged; answers the deletion. */
async function deleted(): Promise<string> {
  await store();
  return String((await new Deletions(database, { purgeAfterDays: 0 }).delete(CALLER, { study: one.studyInstanceUID }, '')).deletion);
}
/** Cuts the connections of transactions that are open, as a network that breaks does. */
const cutTransactions = () =>
  asServer(() =>
    database.statement((tx) =>
      tx.rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()`,
      ),
    ),
  );
/** A purge whose connection is cut before it removes the object; it goes on with that when it is told to. */
async function cutPurge() {
  const deletion = await deleted();
  const removal = storage.hold('before a removal');
  const purged = purge().work(deletion);
  await removal.reached;
  await cutTransactions();
  return { deletion, purged, goOn: removal.goOn };
}

describe('The same bytes stored again while their object is being purged', () => {
  it('are there when the connection that kept stores away broke in the middle of the removal', async () => {
    const { deletion, purged, goOn } = await cutPurge();
    const stored = store();
    await Promise.race([stored, sleep(500)]); // the database keeps it away no more
    goOn();
    await expect(purged).rejects.toMatchObject({ code: 'database-away' });
    expect(await stored).toMatchObject([{ kind: 'stored' }]);
    await storage.close();
    expect(existsSync(storage.pathOf(one.sha256))).toBe(true);
    await purge().work(deletion); // its next attempt
    expect(existsSync(storage.pathOf(one.sha256))).toBe(true);
  });

  it('are there when a removal that could not be written down is tried again just before they are in the index', async () => {
    const { deletion, purged, goOn } = await cutPurge();
    goOn();
    await expect(purged).rejects.toMatchObject({ code: 'database-away' });
    const kept = storage.hold('after files were kept');
    const stored = store();
    await kept.reached;
    const again = purge().work(deletion);
    await Promise.race([again, sleep(500)]);
    kept.goOn();
    expect(await stored).toMatchObject([{ kind: 'stored' }]);
    await again;
    await storage.close();
    expect(existsSync(storage.pathOf(one.sha256))).toBe(true);
  });
});
