import { isIPv6 } from 'node:net';
import type { Transaction } from '../database/transaction.js';

/** How many logins may fail before each locks for a while, and the longest lock. */
interface Lock {
  readonly free: number;
  readonly mostSeconds: number;
}

/** Of a name from one network: whoever guesses is slowed down, and nobody elsewhere is kept out by it. */
const FROM_ONE_NETWORK: Lock = { free: 5, mostSeconds: 900 };
/** Of a name from all networks together, against guesses that come from many: so short that it keeps nobody out for long. */
const FROM_ALL: Lock = { free: 100, mostSeconds: 60 };
const ALL = '';

/**
 * Counts an attempt as failed before it is known how it ends, so that many at once are counted too.
 * @param network  address that it comes from, as it is on record
 * @returns seconds until the name may be tried again from there: then it must not be now; 0 where it may
 */
export async function countAttempt(tx: Transaction, username: string, network: string | undefined): Promise<number> {
  await tx.run(`DELETE FROM login_attempt WHERE last_at < now() - interval '1 day'`);
  const wait = await countIn(tx, username, placeOf(network), FROM_ONE_NETWORK);
  return wait > 0 ? wait : countIn(tx, username, ALL, FROM_ALL);
}

/** From the `free`th on each locks, for twice as long as the one before: 15 s, 30 s … */
async function countIn(tx: Transaction, username: string, place: string, { free, mostSeconds }: Lock): Promise<number> {
  const counted = await tx.run(
    `INSERT INTO login_attempt AS known (username, network, failures, last_at) VALUES ($1, $2, 1, now())
     ON CONFLICT (username, network) DO UPDATE SET
       failures = known.failures + 1,
       last_at = now(),
       locked_until = CASE WHEN known.failures + 1 >= $3
         THEN now() + least($4 * interval '1 s', interval '15 s' * 2 ^ least(known.failures + 1 - $3, 10)) END
     WHERE known.locked_until IS NULL OR known.locked_until <= now()`,
    [username, place, free, mostSeconds],
  );
  if (counted === 1) return 0;
  const [row] = await tx.rows<{ seconds: number }>(
    `SELECT ceil(greatest(1, extract(epoch FROM locked_until - now())))::int AS seconds FROM login_attempt
      WHERE username = $1 AND network = $2`,
    [username, place],
  );
  return row?.seconds ?? 1;
}

/** After a login that succeeded: what failed elsewhere still counts there. */
export const forgetAttemptsFrom = (tx: Transaction, username: string, network: string | undefined): Promise<number> =>
  tx.run('DELETE FROM login_attempt WHERE username = $1 AND network IN ($2, $3)', [username, placeOf(network), ALL]);

/** Lifts every lock of a name. */
export const forgetAttempts = (tx: Transaction, username: string): Promise<number> =>
  tx.run('DELETE FROM login_attempt WHERE username = $1', [username]);

/** An address; of IPv6 the network of 64 bits, within which whoever has it takes any (RFC 4291 2.5.4). */
export function placeOf(network = 'unknown'): string {
  if (!isIPv6(network) || network.toLowerCase().startsWith('::ffff:')) return network;
  const [head, tail = []] = network.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}
