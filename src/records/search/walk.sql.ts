import { askedSql, type Bindings } from './condition.sql.js';
import { BadSearchParameter } from './faults.js';
import type { Cursor, Search } from './search.js';
import { walkOf } from './timeline.js';

/**
 * A search by one patient, the latest first, as a walk along the index `resource_timeline`: what it costs is a page, however many
 * resources the patient has. Undefined where the search asks something else. The resource is `r`; what is asked of it is the
 * caller's to select, with `keys`, its place in the order.
 */
export function walkSql(search: Search, columns: readonly string[], bindings: Bindings): string | undefined {
  const walk = walkOf(search);
  if (walk === undefined) return undefined;
  const type = bindings.bind(search.types[0], 'text');
  const further = [
    ...walk.others.map((one) => askedSql(one, 'r', bindings)),
    ...(search.cursor === undefined ? [] : [`(r.dated, r.no) < ${boundOf(search.cursor, bindings)}`]),
  ];
  const most = bindings.bind(search.count + 1, 'int');
  const statuses = walk.statuses?.map((status) => `r.status = ${bindings.bind(status, 'text')}`) ?? ['true'];
  // One walk for each patient and status, as their index has each in order; merged as they go.
  const walks = walk.patients.flatMap((patient) => {
    const whose = `r.type = ${type} AND r.patient = ${bindings.bind(patient, 'text')} AND NOT r.deleted`;
    return statuses.map((status) => `SELECT r.* FROM resource r WHERE ${[whose, status, ...further].join(' AND ')}`);
  });
  return `SELECT ${columns.join(', ')}, ARRAY[r.dated::text] AS keys FROM (${walks.join(' UNION ALL ')}) AS r ORDER BY r.dated DESC, r.no DESC LIMIT ${most}`;
}

/** Where a page ended. One that an older server gave has no value where there is no date. */
function boundOf({ values, no }: Cursor, bindings: Bindings): string {
  const [dated, ...others] = values;
  if (others.length > 0 || (dated !== null && !/^-?infinity$|^[\d+: .-]{10,40}(?: BC)?$/.test(dated)))
    throw new BadSearchParameter('_cursor', 'is not one that this search gave');
  return `(${bindings.bind(dated ?? '-infinity', 'timestamptz')}, ${bindings.bind(no, 'bigint')})`;
}
