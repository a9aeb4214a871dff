import { askedSql, type Bindings } from './condition.sql.js';
import { BadSearchParameter } from './faults.js';
import type { Cursor, Search } from './search.js';
import { isByDate, walkOf, type Walk } from './timeline.js';

/**
 * A search by one patient, the latest first, as a walk along the index `resource_timeline`: what it costs is a page, however many
 * resources the patient has. Undefined where the search asks something else. The resource is `r`; what is asked of it is the
 * caller's to select, with `keys`, its place in the order.
 */
export function walkSql(search: Search, columns: readonly string[], bindings: Bindings): string | undefined {
  const walk = search.offset === undefined && isByDate(search) ? walkOf(search) : undefined;
  if (walk === undefined) return undefined;
  const after = search.cursor === undefined ? [] : [`(r.dated, r.no) < ${boundOf(search.cursor, bindings)}`];
  const most = bindings.bind(search.count + 1, 'int');
  // One walk for each patient and status, as their index has each in order; merged as they go.
  return `SELECT ${columns.join(', ')}, ARRAY[r.dated::text] AS keys FROM (${matches(search.types, walk, 'r.*', after, bindings)}) AS r
           ORDER BY r.dated DESC, r.no DESC LIMIT ${most}`;
}

/** What a search finds by one patient, in no order: for counting. Undefined where it asks something else. */
export function walkedSql(search: Pick<Search, 'types' | 'conditions'>, bindings: Bindings): string | undefined {
  const walk = walkOf(search);
  return walk && matches(search.types, walk, '', [], bindings);
}

function matches([type]: readonly string[], walk: Walk, columns: string, further: readonly string[], bindings: Bindings): string {
  const [own, others] = [bindings.bind(type, 'text'), walk.others.map((one) => askedSql(one, 'r', bindings))];
  const statuses = walk.statuses?.map((status) => [`r.status = ${bindings.bind(status, 'text')}`]) ?? [[]];
  const walks = walk.patients.flatMap((patient) => {
    const whose = `r.type = ${own} AND r.patient = ${bindings.bind(patient, 'text')} AND NOT r.deleted`;
    return statuses.map((status) => `SELECT ${columns} FROM resource r WHERE ${[whose, ...status, ...others, ...further].join(' AND ')}`);
  });
  return walks.join(' UNION ALL ');
}

/** Where a page ended. One that an older server gave has no value where there is no date. */
function boundOf({ values, no }: Cursor, bindings: Bindings): string {
  const [dated, ...others] = values;
  if (others.length > 0 || (dated !== null && !/^-?infinity$|^[\d+: .-]{10,40}(?: BC)?$/.test(dated)))
    throw new BadSearchParameter('_cursor', 'is not one that this search gave');
  return `(${bindings.bind(dated ?? '-infinity', 'timestamptz')}, ${bindings.bind(no, 'bigint')})`;
}
