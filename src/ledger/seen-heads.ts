import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { headIn, type Head } from './head.js';
import { HeadsFile } from './heads-file.js';

/** What a server had seen of the chain, as its data folder says it. */
export interface SeenHeads {
  /** Those that a key of the server's has signed. */
  readonly heads: readonly Head[];
  /** Numbers of the lines, from 1, that none has. */
  readonly unsigned: readonly number[];
}

/**
 * Reads what is kept in a data folder; undefined where no server has kept anything there.
 * @param keys  public keys that the server may have signed with
 */
export async function seenHeads(folder: string, keys: JSONWebKeySet): Promise<SeenHeads | undefined> {
  const lines = await new HeadsFile(folder).lines();
  if (lines === undefined || lines.length === 0) return undefined;
  const keyOf = createLocalJWKSet(keys);
  const isSigned = (line: string): Promise<boolean> =>
    compactVerify(line, keyOf, { algorithms: ['EdDSA'] }).then(
      () => true,
      () => false,
    );
  const told = await Promise.all(lines.map(async (line) => ((await isSigned(line)) ? headIn(line) : undefined)));
  return {
    heads: told.flatMap((head) => head ?? []),
    unsigned: told.flatMap((head, i) => (head === undefined ? [i + 1] : [])),
  };
}
