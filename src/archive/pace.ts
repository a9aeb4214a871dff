const REMEMBERED = 10_000;

/** Lets each subject come up at once the first time, and after that once in so many milliseconds at most, never never. */
export class Pace {
  private readonly next = new Map<number, number>();

  constructor(private readonly everyMs: number) {}

  /** Milliseconds until a subject may come up again, 0 for at once: that counts as having come up. */
  wait(subject: number, now: number): number {
    const next = this.next.get(subject) ?? 0;
    if (next > now) return next - now;
    this.next.delete(subject); // and back in at the end: the first are the oldest
    this.next.set(subject, now + this.everyMs);
    for (const [oldest] of this.next) {
      if (this.next.size <= REMEMBERED) break;
      this.next.delete(oldest);
    }
    return 0;
  }
}
