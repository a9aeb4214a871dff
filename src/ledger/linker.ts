import type { Database } from '../database/database.js';
import { asServer } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import { event, thrownFields } from '../log.js';
import { CHAIN_START, chainHash } from './chain.js';
import { chainHead, insertLinks, takeLinkerLock, unlinkedRecords } from './ledger.sql.js';

const GROUP = 1_000;
const EVERY_MS = 500;

/** Gives committed records their gapless number and hash, in groups. One linker works at a time, by advisory lock. */
export class Linker {
  private timer: NodeJS.Timeout | undefined;
  private linking: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  start(): void {
    this.timer = setInterval(() => {
      this.linking = this.linkQuietly();
    }, EVERY_MS);
  }

  /** Links what is left, then stops. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.linking;
    await this.linkQuietly();
  }

  /** Links everything committed so far, group by group. */
  async link(): Promise<void> {
    await asServer(async () => {
      while ((await this.database.transaction((tx) => this.linkGroup(tx))) === GROUP);
    });
  }

  private async linkGroup(tx: Transaction): Promise<number> {
    if (!(await takeLinkerLock(tx))) return 0; // another server's linker is at it
    const records = await unlinkedRecords(tx, GROUP);
    if (records.length === 0) return 0;
    const head = await chainHead(tx);
    let seq = head?.seq ?? 0;
    let hash: Buffer = head?.hash ?? CHAIN_START;
    const links = records.map((record) => {
      seq += 1;
      hash = chainHash(hash, { seq, ...JSON.parse(record.event) });
      return { seq, recordId: record.id, hash };
    });
    await insertLinks(tx, links);
    return records.length;
  }

  private async linkQuietly(): Promise<void> {
    await this.link().catch((error: unknown) => event('ledger.linking-failed', thrownFields(error)));
  }
}
