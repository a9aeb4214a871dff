import type { Database } from '../database/database.js';
import { endAndTaken, isInUse, missingGuards } from './watch.sql.js';

/** What is wrong beside the chain, in words for the operator. */
export interface Finding {
  /**
   * E_UNGUARDED: the database does not refuse changes any more. E_CUT: a receiver of audit messages has taken records that are not
   * there. E_EMPTY: there is no record of what is there. E_HEADS: what is kept of the chain's ends was written by somebody else.
   */
  readonly code: 'E_UNGUARDED' | 'E_CUT' | 'E_EMPTY' | 'E_HEADS';
  readonly words: string;
}

/**
 * Looks at what must hold of the database whose chain was gone through.
 * @param unsigned  numbers of lines among the kept ends that no key of the server's has signed
 */
export async function besideTheChain(database: Database, unsigned: readonly number[]): Promise<Finding[]> {
  const [guards, { end, taken }, inUse] = await database.snapshot((tx) => Promise.all([missingGuards(tx), endAndTaken(tx), isInUse(tx)]));
  const found: (Finding | false)[] = [
    guards.length > 0 && {
      code: 'E_UNGUARDED',
      words: `changes are not refused any more: ${guards.join(', ')} must be there and ENABLE ALWAYS`,
    },
    taken > end && {
      code: 'E_CUT',
      words: `${span(end + 1, taken)} gone: a receiver of audit messages has taken number ${taken}`,
    },
    end === 0 && inUse && { code: 'E_EMPTY', words: 'there is no record, and yet there are studies, resources or accounts' },
    unsigned.length > 0 && {
      code: 'E_HEADS',
      words: `line ${unsigned.slice(0, 5).join(', ')} of what the server had seen is signed by no key of the server's`,
    },
  ];
  return found.filter((one) => one !== false);
}

/** Numbers of records, from one to another. */
export const span = (from: number, to: number): string => (from === to ? `record ${to} is` : `records ${from}–${to} are`);
