import type { Transaction } from '../database/transaction.js';

/**
 * Counts an attempt as failed before it is known how it ends, so that many at once are counted too. From the `free`th on each locks
 * the name, for twice as long as the one before: 15 s, 30 s … an hour. What was long ago is forgotten.
 * @returns seconds until the name may be tried again: then it must not be now; 0 where it may
 */
export async function countAttempt(tx: Transaction, username: string, free: number): Promise<number> {
  const counted = await tx.run(
    `WITH old AS (DELETE FROM login_attempt WHERE last_at < now() - interval '1 day' AND username <> $1)
     INSERT INTO login_attempt AS known (username, failures, last_at) VALUES ($1, 1, now())
     ON CONFLICT (username) DO UPDATE SET
       failures = CASE WHEN known.last_at < now() - interval '1 day' THEN 1 ELSE known.failures + 1 END,
       last_at = now(),
       locked_until = CASE WHEN known.failures + 1 >= $2 AND known.last_at > now() - interval '1 day'
         THEN now() + least(interval '1 hour', interval '15 s' * 2 ^ least(known.failures + 1 - $2, 10)) END
     WHERE known.locked_until IS NULL OR known.locked_until <= now()`,
    [username, free],
  );
  if (counted === 1) return 0;
  const [row] = await tx.rows<{ seconds: number }>(
    `SELECT ceil(greatest(1, extract(epoch FROM locked_until - now())))::int AS seconds FROM login_attempt WHERE username = $1`,
    [username],
  );
  return row?.seconds ?? 1;
}

export const forgetAttempts = (tx: Transaction, username: string): Promise<number> =>
  tx.run('DELETE FROM login_attempt WHERE username = $1', [username]);
