/**
 * Keeps the storing of an object and its removal apart in this process: the database's gates fall with a connection that
 * breaks, while what was begun in the store goes on. Whoever claims waits for the other kind only, and holds nothing meanwhile.
 */
export class ObjectClaims {
  private readonly stored = new Map<string, number>();
  private readonly removed = new Set<string>();
  private waiting: (() => void)[] = [];

  /** Runs `work`, during which none of these objects is removed. */
  async whileStoring<T>(hashes: readonly string[], work: () => Promise<T>): Promise<T> {
    while (hashes.some((hash) => this.removed.has(hash))) await this.released();
    for (const hash of hashes) this.stored.set(hash, (this.stored.get(hash) ?? 0) + 1);
    try {
      return await work();
    } finally {
      for (const hash of hashes) this.giveBack(hash);
      this.wake();
    }
  }

  /** Runs `work`, during which none of these objects is stored, nor removed by another. */
  async whileRemoving<T>(hashes: readonly string[], work: () => Promise<T>): Promise<T> {
    while (hashes.some((hash) => this.removed.has(hash) || this.stored.has(hash))) await this.released();
    for (const hash of hashes) this.removed.add(hash);
    try {
      return await work();
    } finally {
      for (const hash of hashes) this.removed.delete(hash);
      this.wake();
    }
  }

  private giveBack(hash: string): void {
    const others = (this.stored.get(hash) ?? 1) - 1;
    if (others > 0) this.stored.set(hash, others);
    else this.stored.delete(hash);
  }

  private released(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
