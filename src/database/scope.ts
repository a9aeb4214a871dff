import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose rows the database shows and takes: a tenant's (its row in table tenant), or all of them to the server's own work. */
export type Scope = number;

/** The server's own work, which is no tenant's: it sees all rows, and must say whose the ones are that it writes. */
export const SERVER_SCOPE: Scope = 0;

/** Nobody said whose rows are meant: nothing is shown rather than everything. A fault of the server's own. */
export class NoScope extends Error {
  constructor() {
    super('The database was asked outside of every scope.');
  }
}

const current = new AsyncLocalStorage<Scope>();

/**
 * Runs `work` in a tenant's scope: whatever it asks of the database, and what it begins and does not wait for, sees that tenant's rows
 * alone. It is the net below what callers may see, and is set where a request's caller is made out and where work is claimed.
 */
export function inTenant<T>(tenant: Scope, work: () => T): T {
  if (!(Number.isSafeInteger(tenant) && tenant > 0)) throw new NoScope();
  return current.run(tenant, work);
}

/** Runs `work` as the server itself, across tenants. */
export const asServer = <T>(work: () => T): T => current.run(SERVER_SCOPE, work);

/** The scope that is set, if any. */
export const currentScope = (): Scope | undefined => current.getStore();

/** Goes on in a scope, or in none: where what was begun in one goes on by itself. */
export const inScope = <T>(scope: Scope | undefined, work: () => T): T =>
  scope === undefined ? current.exit(work) : current.run(scope, work);

/** `work` as it would run now: in the scope that is set at this moment, whenever and from wherever it is called. */
export const inThisScope = <Arguments extends unknown[], T>(work: (...given: Arguments) => T): ((...given: Arguments) => T) =>
  AsyncLocalStorage.bind(work);

/**
 * What is iterated in the scope that is set at this moment, whoever takes the next from wherever. No generator: one that waits for the
 * next could not be told to end.
 */
export function iteratedInThisScope<T>(iterable: AsyncIterable<T>): AsyncIterableIterator<T, void> {
  const here = AsyncLocalStorage.snapshot();
  const all = here(() => iterable[Symbol.asyncIterator]());
  const over = async (): Promise<IteratorResult<T, void>> => (await here(() => all.return?.())) ?? { done: true, value: undefined };
  return {
    next: () => here(() => all.next()),
    return: over,
    throw: over,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** One of a kind for each scope, made when it is first wanted: what gathers the work of several callers never mixes two tenants'. */
export class PerScope<T> {
  private readonly made = new Map<Scope | undefined, T>();

  constructor(private readonly make: () => T) {}

  /** The one of the scope that is set. */
  get here(): T {
    const scope = current.getStore();
    let one = this.made.get(scope);
    if (one === undefined) this.made.set(scope, (one = this.make()));
    return one;
  }

  /** Does something with each that was made, in its scope. */
  each<R>(work: (one: T) => R): R[] {
    return [...this.made].map(([scope, one]) => inScope(scope, () => work(one)));
  }
}
