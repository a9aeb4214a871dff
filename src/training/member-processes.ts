import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EpochReport, FitWatcher } from './fit/fit.js';

const ENTRY = fileURLToPath(new URL('./train-member.js', import.meta.url));

/** What a process is told that trains one network; as its only argument, in JSON. */
export interface MemberOrder {
  /** Path of the training.json. */
  readonly configuration: string;
  /** What its folders of data are within. */
  readonly data: string;
  readonly checkpoints: string;
  readonly threads: number;
  readonly member: number;
}

/** What such a process says of its progress. */
export type MemberNews = { readonly step: readonly [done: number, total: number, epoch: number] } | { readonly epoch: EpochReport };

/** Of a process that failed, which has said why itself. */
export class MemberFailed extends Error {}

/**
 * Trains the networks of a model side by side, each in a process of its own; where they have come to lies in their checkpoints.
 * @param processes  that run at once
 * @throws MemberFailed  one of them ended otherwise than well
 */
export async function trainSideBySide(
  orders: readonly MemberOrder[],
  processes: number,
  watcher: (member: number) => Omit<FitWatcher, 'save'>,
): Promise<void> {
  const waiting = [...orders];
  const next = async (): Promise<void> => {
    for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) await trainOne(order, watcher(order.member));
  };
  await Promise.all(Array.from({ length: Math.min(processes, orders.length) }, next));
}

function trainOne(order: MemberOrder, watcher: Omit<FitWatcher, 'save'>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(ENTRY, [JSON.stringify(order)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.on('message', (news: MemberNews) => ('step' in news ? watcher.step(...news.step) : watcher.epoch(news.epoch)));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new MemberFailed())));
  });
}

/** Wall clock of runs that go to whichever of some processes is free first, in their order. */
export function wallClock(seconds: readonly number[], processes: number): number {
  const busy = Array.from({ length: processes }, () => 0);
  for (const one of seconds) busy[busy.indexOf(Math.min(...busy))] += one;
  return Math.max(...busy);
}
