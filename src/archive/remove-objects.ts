import type { Database } from '../database/database.js';
import { asServer } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import { closeStore } from './gates.sql.js';
import type { ObjectStorage } from './storage/object-storage.js';

/** How many objects are removed while stores wait. */
const AT_ONCE = 32;

/**
 * Removes objects that no instance, living or deleted, of whichever organisation, refers to: rows that name an object keep it, whatever
 * UID they have, and whoever says that it is to go. The look and the removal are one step to whoever stores:
 * no store commits meanwhile, none of this process has one of them under way, and one that found the object there looks again
 * after its commit (`storeGroup`). A few at a time: the transaction is open while the store of the objects works.
 * @param objects  SHA-256 of each, 64 hex digits
 */
export async function removeUnreferenced(database: Database, storage: ObjectStorage, objects: readonly string[]): Promise<void> {
  for (let from = 0; from < objects.length; from += AT_ONCE) {
    const some = objects.slice(from, from + AT_ONCE);
    const remove = async (tx: Transaction): Promise<void> => {
      await closeStore(tx);
      const held = new Set((await referenced(tx, some)).map(({ sha256 }) => sha256));
      await allEnded(some.filter((sha256) => !held.has(sha256)).map((sha256) => storage.discard(sha256)));
      await forgetDoomed(tx, some);
    };
    // Another tenant may have the same bytes.
    await storage.claims.whileRemoving(some, () => asServer(() => database.transaction(remove)));
  }
}

/** Throws what one of them threw, when none is under way any more. */
async function allEnded(removals: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(removals);
  await Promise.all(removals);
}

const referenced = (tx: Transaction, objects: readonly string[]) =>
  tx.rows<{ sha256: string }>(
    `WITH asked AS (SELECT decode(sha256, 'hex') AS sha256 FROM unnest($1::text[]) AS a (sha256))
     SELECT encode(a.sha256, 'hex') AS sha256 FROM asked a
      WHERE EXISTS (SELECT 1 FROM instance i WHERE i.sha256 = a.sha256)
         OR EXISTS (SELECT 1 FROM deleted_instance d WHERE d.sha256 = a.sha256)`,
    [objects],
    'archive.referenced-objects',
  );

const forgetDoomed = (tx: Transaction, objects: readonly string[]) =>
  tx.run(
    `WITH done AS (SELECT decode(sha256, 'hex') AS sha256 FROM unnest($1::text[]) AS d (sha256)),
          damaged AS (DELETE FROM damaged_object WHERE sha256 IN (SELECT sha256 FROM done))
     DELETE FROM doomed_object WHERE sha256 IN (SELECT sha256 FROM done)`,
    [objects],
    'archive.forget-doomed',
  );
