import type { Database } from '../database/database.js';
import { asServer } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import { closeStore } from './gates.sql.js';
import type { ObjectStorage } from './storage/object-storage.js';

/** How many objects are removed while stores wait. */
const AT_ONCE = 32;

/** An object that a row of this instance may refer to, and of no other: the UID stands in its bytes. */
export interface ObjectOfInstance {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly sopInstanceUID: string;
}

/**
 * Removes objects that no instance, living or deleted, refers to. The look and the removal are one step to whoever stores:
 * no store commits meanwhile, none of this process has one of them under way, and one that found the object there looks again
 * after its commit (`storeGroup`). A few at a time: the transaction is open while the store of the objects works.
 */
export async function removeUnreferenced(database: Database, storage: ObjectStorage, objects: readonly ObjectOfInstance[]): Promise<void> {
  for (let from = 0; from < objects.length; from += AT_ONCE) {
    const some = objects.slice(from, from + AT_ONCE);
    const remove = async (tx: Transaction): Promise<void> => {
      await closeStore(tx);
      const held = new Set((await referenced(tx, some)).map(({ sha256 }) => sha256));
      await allEnded(some.filter(({ sha256 }) => !held.has(sha256)).map(({ sha256 }) => storage.discard(sha256)));
      await forgetDoomed(tx, some);
    };
    await storage.claims.whileRemoving(
      some.map(({ sha256 }) => sha256),
      () => asServer(() => database.transaction(remove)), // another tenant may have the same bytes
    );
  }
}

/** Throws what one of them threw, when none is under way any more. */
async function allEnded(removals: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(removals);
  await Promise.all(removals);
}

const referenced = (tx: Transaction, objects: readonly ObjectOfInstance[]) =>
  tx.rows<{ sha256: string }>(
    `WITH asked AS (SELECT decode(sha256, 'hex') AS sha256, uid FROM unnest($1::text[], $2::text[]) AS a (sha256, uid))
     SELECT encode(a.sha256, 'hex') AS sha256 FROM asked a
      WHERE EXISTS (SELECT 1 FROM instance i WHERE i.sop_instance_uid = a.uid AND i.sha256 = a.sha256)
         OR EXISTS (SELECT 1 FROM deleted_instance d WHERE d.sop_instance_uid = a.uid AND d.sha256 = a.sha256)`,
    [objects.map((one) => one.sha256), objects.map((one) => one.sopInstanceUID)],
    'archive.referenced-objects',
  );

const forgetDoomed = (tx: Transaction, objects: readonly ObjectOfInstance[]) =>
  tx.run(
    `WITH done AS (SELECT decode(sha256, 'hex') AS sha256 FROM unnest($1::text[]) AS d (sha256)),
          damaged AS (DELETE FROM damaged_object WHERE sha256 IN (SELECT sha256 FROM done))
     DELETE FROM doomed_object WHERE sha256 IN (SELECT sha256 FROM done)`,
    [objects.map((one) => one.sha256)],
    'archive.forget-doomed',
  );
