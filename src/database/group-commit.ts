import { PerScope } from './scope.js';

/** Something waiting to be committed, with its answer. */
interface Waiting<Item, Verdict> {
  readonly item: Item;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: unknown) => void;
}

/** When a group is full: at so many items, or where the next would make it heavier than this. */
export interface GroupLimits<Item> {
  readonly items: number;
  readonly weight?: { readonly most: number; readonly of: (item: Item) => number };
}

/**
 * Groups of each scope apart (scope.ts): a group's statement sees and writes the rows of one tenant, so that nobody's items share it
 * with another's.
 */
export class GroupCommit<Item, Verdict> {
  private readonly groups: PerScope<OneScopesGroups<Item, Verdict>>;

  /** `commit` answers one verdict an item, in order; when it throws, every item of the group fails with that. */
  constructor(commit: (items: readonly Item[]) => Promise<readonly Verdict[]>, limits: GroupLimits<Item>) {
    this.groups = new PerScope(() => new OneScopesGroups(commit, limits));
  }

  /** Answers when the item is durable. */
  add(item: Item): Promise<Verdict> {
    return this.groups.here.add(item);
  }
}

/**
 * Commits many items in one round: while one group is on its way the next gathers, so that a hundred instances share
 * the price of a few syncs and one transaction, and a single one waits for nobody.
 */
class OneScopesGroups<Item, Verdict> {
  private waiting: Waiting<Item, Verdict>[] = [];
  private committing: Promise<void> | undefined;

  constructor(
    private readonly commit: (items: readonly Item[]) => Promise<readonly Verdict[]>,
    private readonly limits: GroupLimits<Item>,
  ) {}

  add(item: Item): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.start();
    });
  }

  /** Who was just answered may add the next before the round that answered is over: that one is started for after it. */
  private start(): void {
    this.committing ??= this.drain().finally(() => {
      this.committing = undefined;
      if (this.waiting.length > 0) this.start();
    });
  }

  /** How many of those that wait make the next group: one at least. */
  private nextGroup(): number {
    const { items, weight } = this.limits;
    const most = Math.min(items, this.waiting.length);
    if (weight === undefined) return most;
    let sum = 0;
    const tooMuch = this.waiting.slice(0, most).findIndex(({ item }) => (sum += weight.of(item)) > weight.most);
    return tooMuch < 0 ? most : Math.max(1, tooMuch);
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, this.nextGroup());
      try {
        const verdicts = await this.commit(group.map(({ item }) => item));
        group.forEach(({ resolve }, i) => resolve(verdicts[i]));
      } catch (error) {
        group.forEach(({ reject }) => reject(error));
      }
    }
  }
}
