import type { Transaction } from '../../database/transaction.js';
import { timestampText } from '../../records/search/dates.js';
import { lyingColumns } from '../ledger.sql.js';
import type { AuditCondition, AuditSearch } from './audit-search.js';
import type { LedgerRow } from './told-record.js';

type Bind = (value: unknown, type: string) => string;

/** A page of an organisation's records, one more than is asked for where others follow. */
export const auditPage = (tx: Transaction, tenant: number, { conditions, count, order, cursor }: AuditSearch) => {
  const values: unknown[] = [];
  const bind: Bind = (value, type) => `$${values.push(value)}::${type}`;
  const where = [`tenant = ${bind(tenant, 'int')}`, ...conditions.map((one) => conditionSql(one, bind))];
  const [side, direction] = order === 'newest first' ? ['<', 'DESC'] : ['>', 'ASC'];
  if (cursor !== undefined) where.push(`(occurred_at, id) ${side} (${bind(cursor.at, 'timestamptz')}, ${bind(cursor.id, 'bigint')})`);
  return tx.rows<LedgerRow & Record<string, unknown>>(
    `SELECT id, event, sealed, ${lyingColumns('ledger_record')} AS columns FROM ledger_record WHERE ${where.join(' AND ')}
      ORDER BY occurred_at ${direction}, id ${direction} LIMIT ${bind(count + 1, 'int')}`,
    values,
  );
};

/** How many records a search finds in all. */
export const countAudit = async (tx: Transaction, tenant: number, { conditions }: AuditSearch): Promise<number> => {
  const values: unknown[] = [];
  const bind: Bind = (value, type) => `$${values.push(value)}::${type}`;
  const where = [`tenant = ${bind(tenant, 'int')}`, ...conditions.map((one) => conditionSql(one, bind))].join(' AND ');
  return (await tx.rows<{ total: number }>(`SELECT count(*)::int AS total FROM ledger_record WHERE ${where}`, values))[0].total;
};

/** One record of an organisation's. */
export const oneAudit = async (tx: Transaction, tenant: number, id: number): Promise<LedgerRow | undefined> =>
  (
    await tx.rows<LedgerRow & Record<string, unknown>>(
      `SELECT id, event, sealed, ${lyingColumns('ledger_record')} AS columns FROM ledger_record WHERE tenant = $1 AND id = $2`,
      [tenant, id],
      'ledger.one-audit',
    )
  )[0];

function conditionSql(condition: AuditCondition, bind: Bind): string {
  switch (condition.kind) {
    case 'ids':
      return `id = ANY(${bind(condition.any, 'bigint[]')})`;
    case 'time': {
      const { from, before, not } = condition;
      const within = `(occurred_at >= ${bind(timestampText(from), 'timestamptz')} AND occurred_at < ${bind(timestampText(before), 'timestamptz')})`;
      return not ? `NOT ${within}` : within;
    }
    case 'agent':
      return `(actor = ANY(${bind(condition.actors, 'text[]')}) OR agent = ANY(${bind(condition.references, 'text[]')}))`;
    case 'patients':
      return `patients && ${bind(condition.any, 'text[]')}`;
    case 'entity':
      return entitySql(condition.any, bind);
    case 'code':
      return `${condition.column}::text ${condition.not ? '<> ALL' : '= ANY'}(${bind(condition.any, 'text[]')})`;
    case 'about-people':
      return `(cardinality(patients) > 0) = ${bind(condition.isSo, 'boolean')}`;
    // `json`, not `jsonb`: only the member that is asked for is made out.
    case 'network':
      return startsSql(`event::json #>> '{who,network}'`, condition.starts, bind);
    case 'name': // people's accounts; systems and the server have none
      return `(event::json #>> '{who,kind}' = 'person' AND ${startsSql('actor', condition.starts, bind)})`;
    case 'roles':
      return `EXISTS (SELECT FROM json_array_elements_text(event::json #> '{who,roles}') AS role WHERE role = ANY(${bind(condition.any, 'text[]')}))`;
    case 'token':
      return `event::json #>> '{who,tokenId}' = ANY(${bind(condition.any, 'text[]')})`;
    case 'query':
      return `(action = 'E' AND (starts_with(subtype, 'search') OR type = '110112')) = ${bind(condition.isSo, 'boolean')}`;
    case 'nothing':
      return 'false';
  }
}

const startsSql = (text: string, starts: readonly string[], bind: Bind): string =>
  `EXISTS (SELECT FROM unnest(${bind(starts, 'text[]')}) AS start WHERE starts_with(lower(${text}), lower(start)))`;

/** A patient whom an event is about is one of its entities, too. */
function entitySql(any: Extract<AuditCondition, { kind: 'entity' }>['any'], bind: Bind): string {
  const each = any.map(({ type, id }) => {
    const named = `entity_id = ${bind(id, 'text')}${type === undefined ? '' : ` AND entity_type = ${bind(type, 'text')}`}`;
    return type === undefined || type === 'Patient' ? `((${named}) OR patients @> ARRAY[${bind(id, 'text')}])` : `(${named})`;
  });
  return `(${each.join(' OR ')})`;
}
