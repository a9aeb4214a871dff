import type { AuditEventEntity } from 'fhir/r4.js';
import { isServed } from '../../records/served-types.js';
import { entityRole, entityType, X_REQUEST_ID } from './codings.js';
import type { ToldRecord } from './told-record.js';

/** Characters of what a decision's record says beside, at most. */
const MOST_DETAIL = 8_000;
const NAMELESS: ReadonlySet<string> = new Set(['search', 'history', 'meta', 'export', 'unknown']);

/** What it was about (IHE BALP 1.1: transaction, patient, data or query). */
export function entitiesOf(record: ToldRecord): AuditEventEntity[] {
  const { event, columns } = record;
  const isQuery = columns.action === 'E' && (columns.subtype.startsWith('search') || columns.type === '110112');
  return [
    ...(event.request === undefined ? [] : [{ what: { identifier: { value: event.request } }, type: X_REQUEST_ID }]),
    ...columns.patients.map((id) => ({ what: { reference: `Patient/${id}` }, type: entityType('1'), role: entityRole('1') })),
    isQuery ? queryOf(record) : dataOf(record),
  ];
}

/** What was asked for, in base64 alone: its values name people. In the open stand the names of the parameters. */
function queryOf({ event, columns, sealed, isPartial }: ToldRecord): AuditEventEntity {
  const names = [event.changes['parameters'], event.changes['keys']].flat().filter((name) => typeof name === 'string');
  const query = sealed.query ?? columns.entityType;
  return {
    type: entityType('2'),
    role: entityRole('24'),
    ...(names.length > 0 && { description: `by ${[...new Set(names)].join(', ')}` }),
    ...(isPartial !== true && { query: Buffer.from(query).toString('base64') }),
  };
}

function dataOf({ event, columns, sealed, isPartial }: ToldRecord): AuditEventEntity {
  const { entityType: type, entityId: id } = columns;
  const { version } = event.entity;
  const isNamed = isServed(type) && !NAMELESS.has(id);
  const isLook = event.action === 'data.fetched' || event.action === 'access.refused';
  const changes = isLook || isPartial === true ? undefined : JSON.stringify(event.changes);
  const asked = (columns.outcome === 4 && id === 'unknown') || id === 'export' ? sealed.query : undefined;
  const target = asked === undefined ? undefined : targetIn(asked, type);
  const job = id === 'export' ? event.changes['export'] : undefined; // the same of all that was done with an export
  const identifier =
    typeof job === 'string' ? { system: 'urn:wetread:export', value: job } : { system: `urn:wetread:${type.toLowerCase()}`, value: id };
  const what = isNamed ? { reference: `${type}/${id}${version === undefined ? '' : `/_history/${version}`}` } : { identifier };
  return {
    ...(id !== '' && { what: target ?? what }),
    ...(asked !== undefined && { query: Buffer.from(asked).toString('base64') }),
    type: entityType('2'),
    role: entityRole('4'),
    ...(changes !== undefined && changes !== '{}' && { detail: [{ type: 'changes', valueString: changes.slice(0, MOST_DETAIL) }] }),
  };
}

/** The resource that a refused request named, where that is an id (R4 datatypes.html#id): clients may write anything there. */
function targetIn(address: string, type: string): { readonly reference: string } | undefined {
  const [reference, named] = /^([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?=[/?]|$)/.exec(address) ?? [];
  return reference === undefined || named !== type ? undefined : { reference };
}
