/**
 * Lets those who change the same thing in this process go one after another, before each takes a connection: however many wait
 * for one resource, the others' connections are not theirs. Between servers the database's locks do the same.
 */
export class InTurn {
  private readonly last = new Map<string, Promise<void>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    let isDone = (): void => undefined;
    const done = new Promise<void>((resolve) => (isDone = resolve));
    const own = before === undefined ? done : before.then(() => done);
    this.last.set(key, own);
    await before;
    try {
      return await work();
    } finally {
      isDone();
      if (this.last.get(key) === own) this.last.delete(key);
    }
  }
}
