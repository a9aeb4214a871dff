import type { OnModuleDestroy } from '@nestjs/common';
import type { Asking } from '../access/asking.js';
import { FIRST_TENANT } from '../access/caller.js';
import { inTenant } from '../database/scope.js';
import type { Fault } from '../faults.js';
import type { AccessLog } from '../ledger/access-log.js';
import { notAuthenticated } from '../ledger/authentication.js';
import { event, thrownFields } from '../log.js';

const WINDOW_MS = 60_000;
/** Of one address in a window; the others are counted. */
const EACH = 20;
/** Addresses that are told apart in a window; all others together. */
const ADDRESSES = 1_000;
const OTHERS = 'others';

/** What is asked for, and from where, though it is no door that data leave by. */
export type Attempt = Omit<Asking, 'door'> & Partial<Pick<Asking, 'door'>>;

/**
 * Puts on record who was not made out (401). Anybody may ask as often as they like, so records are bounded: the first ones of an address
 * within a minute stand by themselves, the rest of them in one that says how many they were. Nobody waits for it: nothing is given.
 */
export class UnknownCallers implements OnModuleDestroy {
  private readonly windows = new Map<string, { count: number; last?: { readonly attempt: Attempt; readonly fault: Fault } }>();
  private readonly timer = setInterval(() => void this.sumUp(), WINDOW_MS).unref();

  constructor(private readonly log: AccessLog) {}

  note(attempt: Attempt, fault: Fault): void {
    const { network } = attempt;
    const key = this.windows.has(network) || this.windows.size < ADDRESSES ? network : OTHERS;
    const window = this.windows.get(key) ?? { count: 0 };
    this.windows.set(key, window);
    if (++window.count > EACH) window.last = { attempt, fault };
    else void this.put(attempt, fault);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sumUp();
  }

  /** Puts on record how many there were beyond those that are. */
  private async sumUp(): Promise<void> {
    const all = [...this.windows.values()];
    this.windows.clear();
    await Promise.all(all.flatMap(({ count, last }) => (last === undefined ? [] : this.put(last.attempt, last.fault, count - EACH))));
  }

  private async put(attempt: Attempt, fault: Fault, count?: number): Promise<void> {
    try {
      await inTenant(FIRST_TENANT, () => this.log.note(notAuthenticated(attempt, fault.code, count)));
    } catch (error) {
      event('access.not-on-record', thrownFields(error));
    }
  }
}
