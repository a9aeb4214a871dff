import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Database } from '../../database/database.js';
import { auditEvent } from '../../ledger/audit/audit-event.js';
import { toldRecord } from '../../ledger/audit/told-record.js';
import { event, thrownFields } from '../../log.js';
import type { PublicAddress } from '../../public-address.js';
import { auditMessage } from './audit-message.js';
import { leaveTurn, markTaken, recordsAfter, takeTurn } from './audit-forwarding.sql.js';
import { SyslogConnection, type Receiver } from './syslog-connection.js';
import { syslogFrame } from './syslog-frame.js';

/** Made into messages at once: a few milliseconds of the server’s thread. */
const BATCH = 100;
/** What one connection carries at most: the turn is for half a minute. */
const ROUND = { records: 50_000, ms: 10_000 } as const;
const EVERY_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Sends the records of the ledger to a receiver of audit messages as they are chained (IHE ATNA: syslog over TLS, RFC 5424, 5425;
 * DICOM PS3.15 A.5 messages, or FHIR AuditEvents). It follows the chain by a cursor of its own: nobody waits for it, and what the
 * receiver has not taken is sent again, after a crash too. Of several servers one sends at a time.
 */
export class ForwardAudit {
  private readonly holder = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly address: PublicAddress,
    private readonly receiver: (Receiver & { readonly form: 'dicom' | 'fhir' }) | undefined,
  ) {}

  start(): void {
    if (this.receiver !== undefined) this.wait(0);
  }

  /** Ends after what is under way; what is left is sent by the next who starts. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
    const { receiver } = this;
    if (receiver !== undefined) await this.database.statement((tx) => leaveTurn(tx, receiver.url, this.holder)).catch(() => undefined); // it ends by itself
  }

  private wait(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.turn();
    }, ms);
  }

  private async turn(): Promise<void> {
    this.wait(await this.round());
  }

  /** One turn; answers after how many milliseconds the next is due. */
  private async round(): Promise<number> {
    try {
      const isMore = await this.send();
      this.failures = 0;
      return isMore ? 0 : EVERY_MS;
    } catch (error) {
      const wait = Math.min(LONGEST_WAIT_MS, EVERY_MS * 2 ** this.failures);
      this.failures += 1;
      event('audit.not-sent', { ...thrownFields(error), waitMs: wait });
      return wait;
    }
  }

  /** Sends what is there; answers whether more waits. Throws ReceiverFailed, DatabaseAway. */
  private async send(): Promise<boolean> {
    const { receiver } = this;
    if (receiver === undefined) return false;
    const from = await this.database.statement((tx) => takeTurn(tx, receiver.url, this.holder));
    if (from === undefined) return false; // another server is at it
    let rows = await this.after(from);
    if (rows.length === 0) return false;
    const began = performance.now();
    const connection = await SyslogConnection.open(receiver);
    try {
      let seq = from;
      while (rows.length > 0) {
        seq = rows[rows.length - 1].seq; // not by how many they are: a number may be missing
        // What comes next is read while this is on its way.
        const next = rows.length < BATCH || isOver(seq - from, began) ? Promise.resolve([]) : this.after(seq);
        next.catch(() => undefined); // heard when this is sent: the database may go away before
        await connection.send(Buffer.concat(rows.map((row) => this.frame(row, receiver.form))));
        rows = await next;
      }
      await connection.taken();
      await this.database.statement((tx) => markTaken(tx, receiver.url, this.holder, seq));
      event('audit.sent', { records: seq - from, ms: Math.round(performance.now() - began) });
      return isOver(seq - from, began);
    } finally {
      connection.destroy();
    }
  }

  private after(seq: number) {
    return this.database.statement((tx) => recordsAfter(tx, seq, BATCH));
  }

  private frame(row: Awaited<ReturnType<typeof recordsAfter>>[number], form: 'dicom' | 'fhir'): Buffer {
    const told = auditEvent(toldRecord(row), this.address.base);
    const header = { at: told.recorded, host: hostname(), seq: row.seq };
    return form === 'fhir'
      ? syslogFrame({ ...header, id: 'FHIR+AuditEvent' }, JSON.stringify(told))
      : syslogFrame({ ...header, id: 'DICOM+RFC3881' }, auditMessage(told));
  }
}

const isOver = (records: number, began: number): boolean => records >= ROUND.records || performance.now() - began > ROUND.ms;
