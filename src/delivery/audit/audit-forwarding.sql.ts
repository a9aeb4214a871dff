import type { Transaction } from '../../database/transaction.js';
import type { LedgerRow } from '../../ledger/audit/told-record.js';
import { lyingColumns } from '../../ledger/ledger.sql.js';

/** Takes the turn of sending to a receiver for half a minute; undefined while another server has it. */
export const takeTurn = async (tx: Transaction, receiver: string, holder: string): Promise<number | undefined> =>
  (
    await tx.rows<{ sentSeq: number }>(
      `INSERT INTO audit_forwarding (receiver, holder, lease_until) VALUES ($1, $2, now() + interval '30 s')
           ON CONFLICT (receiver) DO UPDATE SET holder = $2, lease_until = now() + interval '30 s'
        WHERE audit_forwarding.holder = $2 OR audit_forwarding.lease_until < now()
       RETURNING sent_seq AS "sentSeq"`,
      [receiver, holder],
      'delivery.audit-turn',
    )
  )[0]?.sentSeq;

/** Gives the turn back. */
export const leaveTurn = (tx: Transaction, receiver: string, holder: string) =>
  tx.run('UPDATE audit_forwarding SET lease_until = now() WHERE receiver = $1 AND holder = $2', [receiver, holder]);

/** Notes how far the receiver has taken the records. */
export const markTaken = (tx: Transaction, receiver: string, holder: string, seq: number) =>
  tx.run(
    'UPDATE audit_forwarding SET sent_seq = greatest(sent_seq, $3) WHERE receiver = $1 AND holder = $2',
    [receiver, holder, seq],
    'delivery.audit-taken',
  );

/** Records after a place in the chain, in its order. */
export const recordsAfter = (tx: Transaction, seq: number, limit: number) =>
  tx.rows<LedgerRow & { seq: number }>(
    `SELECT l.seq, r.id, r.event, r.sealed, ${lyingColumns('r')} AS columns FROM ledger_link l JOIN ledger_record r ON r.id = l.record_id
      WHERE l.seq > $1 ORDER BY l.seq LIMIT $2`,
    [seq, limit],
    'delivery.audit-records',
  );

/** Linked records that receivers have not taken; none where nothing is sent to anybody. */
export const auditUnsent = (tx: Transaction) =>
  tx.rows<{ receiver: string; unsent: number }>(
    `SELECT receiver, coalesce((SELECT max(seq) FROM ledger_link), 0) - sent_seq AS unsent FROM audit_forwarding`,
  );
