import { createHash } from 'node:crypto';

/** So many statements are kept prepared on each connection. */
const MOST_NAMES = 64;
/** Texts that are remembered before they have a name. */
const MOST_REMEMBERED = 1_000;
const USES_BEFORE_A_NAME = 3;

/**
 * Names for the statements of searches, so that those which are asked again and again are parsed and planned once a connection.
 * What clients ask has no end, and each prepared statement takes memory: only the first that come back have names.
 */
export class StatementNames {
  private readonly names = new Map<string, string>();
  private readonly uses = new Map<string, number>();

  /** Undefined: it is run without one. */
  nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= MOST_NAMES) return known;
    const uses = (this.uses.get(text) ?? 0) + 1;
    if (uses < USES_BEFORE_A_NAME) {
      if (this.uses.size >= MOST_REMEMBERED) this.uses.clear();
      this.uses.set(text, uses);
      return undefined;
    }
    const name = `search.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    this.uses.delete(text);
    this.names.set(text, name);
    return name;
  }
}
