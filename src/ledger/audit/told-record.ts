import type { LedgerEvent, Sealed } from '../ledger-event.js';
import { APPLICATION_ACTIVITY } from '../event-kind.js';
import { columnsOf, type RecordColumns } from '../record-columns.js';
import { unsealed } from '../seal.js';

/** A record of the ledger as it is read. */
export interface LedgerRow {
  readonly id: number;
  readonly event: string;
  readonly sealed: Buffer | null;
  /** As they lie beside the event; of one that can be read they are made anew. */
  readonly columns: RecordColumns;
}

/** A record with all that it says, as the forms that are made of it take it. */
export interface ToldRecord {
  readonly id: number;
  readonly event: LedgerEvent;
  readonly columns: RecordColumns;
  readonly sealed: Sealed;
  /** Something that it says is left out for who is told it. */
  readonly isPartial?: true;
}

/**
 * What a record says. One whose text is no event of ours, as only a statement that is none of the server's can leave it, is told as what
 * cannot be read, with the ids that lie beside it: it must be seen, and hold up nobody who reads or sends on the others.
 */
export function toldRecord({ id, event, sealed, columns }: LedgerRow): ToldRecord {
  const said = eventIn(event);
  return said === undefined ? unreadable(id, columns) : { id, event: said, columns: columnsOf(said), sealed: unsealed(sealed) };
}

function unreadable(id: number, columns: RecordColumns): ToldRecord {
  const { occurredAt, type, action, actor, entityType, entityId } = columns;
  return {
    id,
    event: { actor, action: 'record.unreadable', entity: { type: entityType, id: entityId }, changes: {}, reason: 'unreadable-record' },
    columns: {
      ...columns,
      occurredAt: isTime(occurredAt) ? occurredAt : '0001-01-01T00:00:00.000Z',
      type: type === '' ? APPLICATION_ACTIVITY : type,
      action: /^[CRUDE]$/.test(action) ? action : 'E',
      outcome: 8,
    },
    sealed: {},
  };
}

/** The event of a text; undefined where its members are not what they are in all that this server has written. */
function eventIn(text: string): (LedgerEvent & Record<string, unknown>) | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isTime = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(value));
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsentOr = (is: (value: unknown) => boolean, value: unknown): boolean => value === undefined || is(value);

const isWho = (value: unknown): boolean =>
  isObject(value) &&
  isText(value['kind']) &&
  isAbsentOr(isTexts, value['roles']) &&
  ['client', 'fhirUser', 'tokenId', 'network'].every((name) => isAbsentOr(isText, value[name]));

function isEvent(value: unknown): value is LedgerEvent & Record<string, unknown> {
  if (!isObject(value)) return false;
  const { entity, who, patients, changes } = value;
  return (
    isTime(value['occurred_at']) &&
    ['actor', 'action', 'reason'].every((name) => isText(value[name])) &&
    ['why', 'door', 'request'].every((name) => isAbsentOr(isText, value[name])) &&
    isObject(entity) &&
    isText(entity['type']) &&
    isText(entity['id']) &&
    isAbsentOr(Number.isSafeInteger, entity['version']) &&
    isObject(changes) &&
    isAbsentOr(isWho, who) &&
    isAbsentOr(isTexts, patients)
  );
}
