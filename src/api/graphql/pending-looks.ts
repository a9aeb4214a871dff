/** Looks on their way to the record while the answer is made of what was looked at: it leaves when they are there. */
export class PendingLooks {
  private all: Promise<unknown>[] = [];

  /** @param look  fails where it does not come to be on record */
  add(look: Promise<unknown>): void {
    look.catch(() => undefined); // heard by onRecord
    this.all.push(look);
  }

  /** Answers when all are on record; fails where one is not: nothing may be given then. */
  async onRecord(): Promise<void> {
    const all = this.all;
    this.all = [];
    await Promise.all(all);
  }
}
