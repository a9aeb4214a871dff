import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { asFault, Fault } from '../faults.js';
import type { Database } from '../database/database.js';
import { asServer, inScope, inThisScope } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import { event, thrownFields } from '../log.js';
import {
  buryWork,
  claimWork,
  completeWork,
  freeLeases,
  nextDue,
  reapLeases,
  renewLeases,
  retryWork,
  type ClaimedWork,
} from './work.sql.js';

const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;
const POLL_MS = 2_000; // a net below NOTIFY
/** Tries beyond a handler's own to put on record that an item was given up. */
const MORE_ATTEMPTS = 5;
const MAXIMUM_TIMER_MS = 2 ** 30;

/** How a kind of work is done. */
export interface WorkHandler {
  readonly kind: string;
  readonly concurrency: number;
  /** Attempts before it is given up. */
  readonly attempts: number;
  /**
   * Does one item. What it returns runs in the transaction that completes the item: effect and completion commit
   * together, or neither does.
   */
  work(subject: string): Promise<((tx: Transaction) => Promise<void>) | void>;
  /** Records, in the same transaction, that an item was given up. */
  gaveUp(tx: Transaction, subject: string, faultCode: string): Promise<void>;
}

/** Pulls work from the table for the handlers of this process; leases keep it safe from this process's death. */
export class WorkQueue {
  private readonly worker = randomUUID();
  private readonly handlers = new Map<string, WorkHandler>();
  private readonly held = new Map<number, ClaimedWork>();
  private readonly running = new Map<string, number>();
  private readonly listeners = new Map<string, Set<(payload: string) => void>>();
  private readonly missing = new Set<() => void>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly pulling = new Map<string, 'once' | 'again'>();
  private client: Client | undefined;
  private hasListened = false;
  private pulse: NodeJS.Timeout | undefined;
  private renewal: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly database: Database) {}

  handle(handler: WorkHandler): void {
    this.handlers.set(handler.kind, handler);
  }

  /**
   * Hears every NOTIFY on a channel, of this server and of others on the same database, in the scope in which it was asked for; answers
   * how to stop.
   */
  listen(channel: string, heard: (payload: string) => void): () => void {
    const heardBy = this.listeners.get(channel) ?? new Set();
    const heardHere = inThisScope(heard);
    this.listeners.set(channel, heardBy.add(heardHere));
    if (this.client) void this.client.query(`LISTEN ${channel}`).catch(() => undefined);
    return () => heardBy.delete(heardHere);
  }

  /** Hears that NOTIFYs may have been missed: the connection that hears them was lost, and there is another. Answers how to stop. */
  missed(heard: () => void): () => void {
    const heardHere = inThisScope(heard);
    this.missing.add(heardHere);
    return () => this.missing.delete(heardHere);
  }

  /** Begins to pull. `alone`: no other server uses this database, so leases left from before its start are void. */
  async start({ alone }: { alone: boolean }): Promise<void> {
    if (alone) await asServer(() => this.database.statement(freeLeases));
    this.listen('work', (kind) => this.wake(kind));
    await this.connect();
    this.pulse = setInterval(() => {
      this.beating = this.beat();
    }, POLL_MS);
    this.renewal = setInterval(() => void this.renew(), RENEW_MS);
    await this.beat();
  }

  /** Stops claiming, waits for what is in hand, frees the connection. */
  async stop(): Promise<void> {
    this.closed = true;
    clearInterval(this.pulse);
    for (const timer of this.timers.values()) clearTimeout(timer);
    await this.beating; // it may be connecting
    // A pull under way may claim yet.
    while (this.held.size > 0 || this.pulling.size > 0) await new Promise((done) => setTimeout(done, 20));
    clearInterval(this.renewal);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = await this.database.listener();
    client.on('notification', ({ channel, payload }) => this.listeners.get(channel)?.forEach((heard) => heard(payload ?? '')));
    client.on('error', () => (this.client = undefined)); // the next beat connects again
    client.on('end', () => (this.client = undefined));
    for (const channel of this.listeners.keys()) await client.query(`LISTEN ${channel}`);
    this.client = client;
    if (this.hasListened) for (const heard of this.missing) heard();
    this.hasListened = true;
  }

  private async beat(): Promise<void> {
    try {
      if (!this.client && !this.closed) await this.connect();
      await asServer(() => this.database.statement(reapLeases));
      for (const kind of this.handlers.keys()) this.wake(kind);
    } catch (error) {
      event('work.beat-failed', thrownFields(error));
    }
  }

  private async renew(): Promise<void> {
    if (this.held.size === 0) return;
    await asServer(() => this.database.statement((tx) => renewLeases(tx, this.worker, [...this.held.keys()], LEASE_SECONDS))).catch(
      (error: unknown) => event('work.renewal-failed', thrownFields(error)),
    );
  }

  /** Pulls now; a wake during a pull makes it pull once more. */
  private wake(kind: string): void {
    const handler = this.handlers.get(kind);
    if (!handler || this.closed) return;
    if (this.pulling.has(kind)) return void this.pulling.set(kind, 'again');
    this.pulling.set(kind, 'once');
    void this.pull(handler).finally(() => {
      const again = this.pulling.get(kind) === 'again';
      this.pulling.delete(kind);
      if (again) this.wake(kind);
    });
  }

  private async pull(handler: WorkHandler): Promise<void> {
    const { kind } = handler;
    try {
      const free = handler.concurrency - (this.running.get(kind) ?? 0);
      if (free <= 0) return;
      const claimed = await asServer(() => this.database.statement((tx) => claimWork(tx, kind, this.worker, free, LEASE_SECONDS)));
      for (const item of claimed) {
        this.held.set(item.id, item);
        this.running.set(kind, (this.running.get(kind) ?? 0) + 1);
        // As whose work it is: it sees nothing of others, and what it writes is theirs.
        void inScope(item.tenant, () => this.perform(handler, item));
      }
      if (claimed.length === free) return; // each of them wakes the queue when it is done
      const dueIn = await asServer(() => this.database.statement((tx) => nextDue(tx, kind)));
      if (dueIn === undefined || this.closed) return;
      clearTimeout(this.timers.get(kind));
      const wait = Math.min(Math.max(1, Math.ceil(dueIn)), MAXIMUM_TIMER_MS);
      if (wait < POLL_MS)
        this.timers.set(
          kind,
          setTimeout(() => this.wake(kind), wait),
        );
    } catch (error) {
      event('work.pull-failed', { kind, ...thrownFields(error) });
    }
  }

  private async perform(handler: WorkHandler, item: ClaimedWork): Promise<void> {
    const began = performance.now();
    try {
      if (item.attempt > handler.attempts) throw new LeaseExpired(); // whoever held it died, again and again
      const effect = await handler.work(item.subject);
      await this.database.transaction(async (tx) => {
        if (!(await completeWork(tx, item, this.worker))) throw new LeaseLost();
        await effect?.(tx);
      });
      event('work.done', { kind: item.kind, workId: item.id, attempt: item.attempt, ms: Math.round(performance.now() - began) });
    } catch (error) {
      if (!(error instanceof LeaseLost)) await this.fail(handler, item, error);
    } finally {
      this.held.delete(item.id);
      this.running.set(item.kind, (this.running.get(item.kind) ?? 1) - 1);
      this.wake(item.kind);
    }
  }

  private async fail(handler: WorkHandler, item: ClaimedWork, error: unknown): Promise<void> {
    const { code } = asFault(error);
    event('work.failed', { kind: item.kind, workId: item.id, attempt: item.attempt, ...thrownFields(error) });
    await this.database
      .transaction(async (tx) => {
        if (item.attempt < handler.attempts)
          return void (await retryWork(tx, item, this.worker, code, Math.min(60, 0.5 * 2 ** item.attempt)));
        const isBuried = (await buryWork(tx, item, this.worker, code)) === 1;
        // What cannot even be recorded as given up is buried without it, rather than tried for ever.
        if (isBuried && item.attempt <= handler.attempts + MORE_ATTEMPTS) await handler.gaveUp(tx, item.subject, code);
      })
      .catch((cause: unknown) => event('work.verdict-failed', { kind: item.kind, ...thrownFields(cause) })); // the lease runs out
  }
}

/** Somebody else took the item over; its effect must not be written by us. */
class LeaseLost extends Error {}

/** The workers that held an item died more often than it may be tried. */
class LeaseExpired extends Fault {
  readonly code = 'lease-expired';
  readonly status = 500;

  constructor() {
    super('The work was given up: its workers died repeatedly.');
  }
}
