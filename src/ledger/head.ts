/** The chain's end at a time, as a server had seen it: whoever holds it can say later that the chain goes on from there. */
export interface Head {
  /** Number of the last record. */
  readonly seq: number;
  /** Its link's hash, 64 hex digits. */
  readonly hash: string;
  /** Which ledger it is: the hash of its first link, 64 hex digits. Nobody can make another that begins so. */
  readonly ledger: string;
  /** ISO 8601. */
  readonly time: string;
}

/** What a line of the file says, unchecked: a JWS (RFC 7515 3.1, compact) of a Head; undefined where it is none. */
export function headIn(line: string): Head | undefined {
  try {
    const said = JSON.parse(Buffer.from(line.split('.')[1], 'base64url').toString()) as Partial<Record<keyof Head, unknown>>;
    const { seq, hash, ledger, time } = said;
    const isHead =
      Number.isSafeInteger(seq) && isHash(hash) && isHash(ledger) && typeof time === 'string' && !Number.isNaN(Date.parse(time));
    return isHead ? { seq: seq as number, hash, ledger, time } : undefined;
  } catch {
    return undefined;
  }
}

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
