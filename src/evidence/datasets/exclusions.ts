/** Why what was found is no case, and how often: the boxes of a flow diagram (STARD 2015, item 19). */
export class Exclusions {
  private readonly counts = new Map<string, number>();

  /** @param reason  a code that is always the same: no words of a header */
  add(reason: string, count = 1): void {
    if (count > 0) this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  /** In the order of their first. */
  table(): { reason: string; count: number }[] {
    return [...this.counts].map(([reason, count]) => ({ reason, count }));
  }
}
