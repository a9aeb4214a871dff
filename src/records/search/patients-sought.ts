import type { Transaction } from '../../database/transaction.js';
import { patientsThere } from '../../ledger/on-record.sql.js';
import type { Search } from './search.js';

/** Ids of a search that are looked at for it. */
const MOST = 100;

/** Ids of the Patients whom a search asks for by name, there or not: that nothing of theirs is found tells of them, too. */
export function patientsSought({ types, conditions }: Pick<Search, 'types' | 'conditions'>): string[] {
  const ids = conditions.flatMap((one): readonly string[] => {
    if (one.kind === 'compartment') return one.of.type === 'Patient' ? [one.of.id] : [];
    if (one.kind === 'ids') return !one.not && types.length === 1 && types[0] === 'Patient' ? one.ids : [];
    return one.kind === 'reference' && !one.not
      ? one.any.flatMap(({ type, id, prefix }) => (type === 'Patient' && prefix !== true ? id : []))
      : [];
  });
  return [...new Set(ids)].slice(0, MOST);
}

/** Those of them that are there. */
export const patientsFound = async (tx: Transaction, ids: readonly string[]): Promise<string[]> =>
  (await tx.rows<{ id: string }>(patientsThere('$1::text[]'), [ids], 'records.patients-there')).map(({ id }) => id);
