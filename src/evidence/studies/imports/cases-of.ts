import type { Transaction } from '../../../database/transaction.js';
import { caseKeysByInstance } from '../truth.sql.js';
import type { CaseNamed } from './brought.js';
import { EntryMalformed } from './faults.js';

/** The key of each one's case, in their order. @throws EntryMalformed  the study's dataset has no such image */
export async function caseKeysFor(
  tx: Transaction,
  study: string,
  named: readonly { readonly place: string; readonly of: CaseNamed }[],
): Promise<string[]> {
  const hashes = named.flatMap(({ of }) => ('instanceHash' in of ? [of.instanceHash] : []));
  const keys = hashes.length === 0 ? new Map<string, string>() : await caseKeysByInstance(tx, study, hashes);
  return named.map(({ place, of }) => {
    const key = 'caseKey' in of ? of.caseKey : keys.get(of.instanceHash);
    if (key === undefined) throw new EntryMalformed(place, 'is of an image that is no case of the study');
    return key;
  });
}
