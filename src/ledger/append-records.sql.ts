import { numberArray, textArray } from '../database/array-text.js';
import { currentScope } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import { recordText, type LedgerEvent } from './ledger-event.js';
import { columnsOf } from './record-columns.js';
import { seal } from './seal.js';

/** Columns of a record, beside its id, and the type that each has; Patients as a text, as no array holds arrays of several lengths. */
const COLUMNS = {
  event: 'text',
  occurred_at: 'timestamptz',
  tenant: 'int',
  actor: 'text',
  agent: 'text',
  action: 'text',
  type: 'text',
  subtype: 'text',
  entity_type: 'text',
  entity_id: 'text',
  patients: 'text',
  outcome: 'smallint',
  sealed: 'text',
} as const;
const NAMES = Object.keys(COLUMNS);

/** What a record is inserted into, in the order of `recordInsert`'s expressions. */
export const RECORD_COLUMNS = NAMES.join(', ');

const APPEND = `
  WITH record AS (
    INSERT INTO ledger_record (${RECORD_COLUMNS})
    SELECT ${NAMES.map((name) => (name === 'patients' ? `string_to_array(patients, ' ')` : name === 'sealed' ? `decode(sealed, 'hex')` : name)).join(', ')}
      FROM unnest(${Object.values(COLUMNS)
        .map((type, i) => `$${i + 1}::${type}[]`)
        .join(', ')}) WITH ORDINALITY AS e (${RECORD_COLUMNS}, n)
     ORDER BY n RETURNING id)
  INSERT INTO ledger_unlinked (record_id) SELECT id FROM record ON CONFLICT DO NOTHING`;

/** Appends events in the caller's transaction: no record, no change. The linker chains them after the commit. */
export const appendRecords = async (tx: Transaction, events: readonly LedgerEvent[]): Promise<void> => {
  if (events.length === 0) return;
  const now = new Date();
  const at = now.toISOString();
  const scope = currentScope();
  const records = events.map((given) => {
    // What nobody asked for says itself whose it is.
    const event = given.who === undefined && given.tenant === undefined && scope !== undefined ? { ...given, tenant: scope } : given;
    const sealed = event.sealed === undefined ? undefined : seal(event.sealed);
    const columns = columnsOf({ occurred_at: at, ...event });
    return { ...columns, text: recordText(event, now, sealed?.digest), sealed: sealed?.bytes.toString('hex') ?? null };
  });
  const texts = (of: (record: (typeof records)[number]) => string | null): string => textArray(records.map(of));
  await tx.run(
    APPEND,
    [
      texts(({ text }) => text),
      texts(({ occurredAt }) => occurredAt),
      numberArray(records.map(({ tenant }) => tenant)),
      texts(({ actor }) => actor),
      texts(({ agent }) => agent),
      texts(({ action }) => action),
      texts(({ type }) => type),
      texts(({ subtype }) => subtype),
      texts(({ entityType }) => entityType),
      texts(({ entityId }) => entityId),
      texts(({ patients }) => patients.join(' ')),
      numberArray(records.map(({ outcome }) => outcome)),
      texts(({ sealed }) => sealed),
    ],
    'ledger.append',
  );
};
