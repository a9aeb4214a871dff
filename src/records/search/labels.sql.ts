import type { Meta } from 'fhir/r4.js';
import type { Transaction } from '../../database/transaction.js';
import { SearchTooLarge } from './faults.js';
import { searchParameters } from './search-parameters.js';

const MOST_LABELS = 10_000;
const NAMES = ['_profile', '_security', '_tag'] as const;

/**
 * The profiles, security labels and tags that resources of these types have now, each once (R4 resource-operation-meta.html). From
 * value to value along the index: the cost is that of what there is to tell, however many resources have it. @throws SearchTooLarge
 */
export async function labelsInUse(tx: Transaction, types: readonly string[]): Promise<Meta> {
  const names = new Map(types.flatMap((type) => NAMES.map((name) => [searchParameters(type).get(name)?.numbers.own ?? 0, name] as const)));
  const rows = await tx.rows<{ parameter: number; system: string; value: string }>(
    `WITH RECURSIVE walk AS (
       SELECT p.parameter, f.value, f.system FROM unnest($1::int[]) AS p (parameter)
        CROSS JOIN LATERAL (SELECT t.value, t.system FROM search_token t WHERE t.parameter = p.parameter ORDER BY t.value, t.system LIMIT 1) f
       UNION ALL
       SELECT w.parameter, f.value, f.system FROM walk w
        CROSS JOIN LATERAL (SELECT t.value, t.system FROM search_token t
                             WHERE t.parameter = w.parameter AND (t.value, t.system) > (w.value, w.system)
                             ORDER BY t.value, t.system LIMIT 1) f)
     SELECT parameter, system, value FROM walk LIMIT $2::int`,
    [[...names.keys()], MOST_LABELS + 1],
    'records.labels',
  );
  if (rows.length > MOST_LABELS) throw new SearchTooLarge(`more than ${MOST_LABELS} labels`);
  const of = (name: (typeof NAMES)[number]) => {
    const own = rows.filter(({ parameter }) => names.get(parameter) === name);
    return [...new Map(own.map(({ system, value }) => [`${system}|${value}`, { system, value }])).values()];
  };
  const codings = (name: '_security' | '_tag') =>
    of(name).map(({ system, value }) => ({ ...(system !== '' && { system }), ...(value !== '' && { code: value }) }));
  const [profile, security, tag] = [of('_profile').map(({ value }) => value), codings('_security'), codings('_tag')];
  return { ...(profile.length > 0 && { profile }), ...(security.length > 0 && { security }), ...(tag.length > 0 && { tag }) };
}
