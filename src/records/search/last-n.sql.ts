import type { Transaction } from '../../database/transaction.js';
import { patientsSql } from './compartment-patients.js';
import { allSql, Bindings } from './condition.sql.js';
import type { Search } from './search.js';
import { searchParameters } from './search-parameters.js';
import type { FoundRow } from './search.sql.js';

/**
 * Of the Observations that a search finds the last `most` of each code, by their effective time; those of one time together (R4
 * observation-operation-lastn.html).
 */
export function lastOfEachCode(tx: Transaction, { conditions, count }: Search, most: number): Promise<FoundRow[]> {
  const bindings = new Bindings();
  const [code, date] = ['code', 'date'].map((name) => searchParameters('Observation').get(name)?.numbers.own);
  const where = allSql(conditions, 'r', bindings);
  return tx.rows<FoundRow & Record<string, unknown>>(
    `WITH found AS (SELECT r.no, t.system, t.value, d.high FROM resource r JOIN search_token t ON t.resource = r.no AND t.parameter = ${code}
                      LEFT JOIN LATERAL (SELECT max(high) AS high FROM search_date WHERE resource = r.no AND parameter = ${date}) d ON true
                     WHERE r.type = 'Observation' AND NOT r.deleted AND ${where}),
          ranked AS (SELECT no, high, rank() OVER (PARTITION BY system, value ORDER BY high DESC NULLS LAST) AS place FROM found)
     SELECT r.no, r.type, r.id, r.version, r.last_updated AS "lastUpdated", r.content, r.deleted,
            ${patientsSql('r')} AS patients, ARRAY[]::text[] AS keys
       FROM resource r JOIN (SELECT no, max(high) AS high FROM ranked WHERE place <= ${bindings.bind(most, 'int')} GROUP BY no) l ON l.no = r.no
      ORDER BY l.high DESC NULLS LAST, r.no DESC LIMIT ${bindings.bind(count, 'int')}`,
    bindings.values,
  );
}
