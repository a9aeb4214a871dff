import type { Database } from '../database/database.js';
import { asServer } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import { event, thrownFields } from '../log.js';
import { recordHash } from './chain.js';
import { chainHead, dropMarks, insertLinks, markedRecords, takeLinkerLock } from './ledger.sql.js';
import { CHAIN_START } from './link-hash.js';

const GROUP = 1_000;
const EVERY_MS = 500;

/** Who keeps outside of the database how far the chain has come. */
export interface ChainWatch {
  /** Looks at the chain's end, for the last time as the server stops; throws nothing. */
  look(isLast: boolean): Promise<void>;
}

/** Gives committed records their gapless number and hash, in groups. One linker works at a time, by advisory lock. */
export class Linker {
  private timer: NodeJS.Timeout | undefined;
  private linking: Promise<void> = Promise.resolve();
  private watches: readonly ChainWatch[] = [];

  constructor(private readonly database: Database) {}

  /** @param watches  are called every other time, after what was to be linked is, and when it stops */
  start(...watches: readonly ChainWatch[]): void {
    let times = 0;
    this.watches = watches;
    this.timer = setInterval(() => {
      times += 1;
      this.linking = times % 2 === 0 ? this.linkAndLook(false) : this.linkQuietly();
    }, EVERY_MS);
  }

  /** Links what is left, then stops. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.linking;
    await this.linkAndLook(true);
  }

  /** Links everything committed so far, group by group. */
  async link(): Promise<void> {
    await asServer(async () => {
      while ((await this.database.transaction((tx) => this.linkGroup(tx))) === GROUP);
    });
  }

  private async linkGroup(tx: Transaction): Promise<number> {
    if (!(await takeLinkerLock(tx))) return 0; // another server's linker is at it
    const marked = await markedRecords(tx, GROUP);
    const again = marked.filter(({ isLinked }) => isLinked);
    if (again.length > 0)
      await dropMarks(
        tx,
        again.map(({ id }) => id),
      );
    const records = marked.filter(({ isLinked }) => !isLinked);
    if (records.length === 0) return marked.length;
    const head = await chainHead(tx);
    let seq = head?.seq ?? 0;
    let hash: Buffer = head?.hash ?? CHAIN_START;
    const links = records.map((record) => {
      seq += 1;
      hash = recordHash(hash, seq, record.event);
      return { seq, recordId: record.id, hash };
    });
    await insertLinks(tx, links);
    return marked.length;
  }

  private async linkAndLook(isLast: boolean): Promise<void> {
    await this.linkQuietly();
    await Promise.all(this.watches.map((watch) => watch.look(isLast)));
  }

  private async linkQuietly(): Promise<void> {
    await this.link().catch((error: unknown) => event('ledger.linking-failed', thrownFields(error)));
  }
}
