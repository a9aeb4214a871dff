import type { Database } from '../database/database.js';
import { event, thrownFields } from '../log.js';
import { headIn, type Head } from './head.js';
import type { HeadsFile } from './heads-file.js';
import type { ChainWatch } from './linker.js';
import { chainSight } from './watch.sql.js';

/** Signs as this server. */
export interface HeadSigner {
  /** A JWS (RFC 7515 3.1, compact) of a value. */
  sign(value: object): Promise<string>;
}

/**
 * Puts down outside of the database how far the chain has come, signed: what whoever owns the database cannot take back. Every server
 * of a database keeps what it sees itself, whichever of them links. Where the chain does not hold any more what was seen last, it says
 * so in the log and puts nothing down from then on, so that what it has seen stays to be compared with.
 */
export class KeepHeads implements ChainWatch {
  private readonly database: Database;
  private looking: Promise<void> | undefined;
  private last: Head | undefined;
  private state: 'unread' | 'keeping' | 'cut' = 'unread';

  constructor(
    database: Database,
    private readonly file: HeadsFile,
    private readonly signer: HeadSigner,
  ) {
    this.database = database.forServer();
  }

  /** Puts the chain's end down where it has come further. What fails is in the log, and tried again at the next look. */
  look(): Promise<void> {
    this.looking ??= this.put()
      .catch((error: unknown) => event('ledger.head-not-kept', thrownFields(error)))
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async put(): Promise<void> {
    if (this.state === 'cut') return;
    if (this.state === 'unread') this.last = await this.lastKept();
    this.state = 'keeping';
    const { last } = this;
    const end = await this.database.statement((tx) => chainSight(tx, last?.seq ?? 0));
    if (last !== undefined && end?.known !== last.hash) {
      this.state = 'cut';
      event('ledger.cut', { seen: last.seq, there: end?.seq ?? 0 });
      return;
    }
    if (end === undefined || end.seq === last?.seq) return;
    const head: Head = { seq: end.seq, hash: end.hash, ledger: end.ledger, time: new Date().toISOString() };
    await this.file.append(await this.signer.sign(head));
    this.last = head;
  }

  private async lastKept(): Promise<Head | undefined> {
    const heads = ((await this.file.lines()) ?? []).flatMap((line) => headIn(line) ?? []);
    return heads.at(-1);
  }
}
