import type { Caller } from '../../access/caller.js';
import { event } from '../../log.js';
import type { Reports } from '../../reporting/reports.js';
import { REPORT_ISSUED } from '../../reporting/reports.sql.js';
import type { WorkQueue } from '../../work/work-queue.js';
import { graphReport } from './graph-forms.js';
import type { GraphReport } from './graph-types.js';

/** A subscriber that does not keep up loses its subscription rather than the server its memory. */
const BACKLOG = 1_000;

/** Every report issued from now on, by whichever server on this database: woken by its NOTIFY. Each is a look of who subscribed. */
export function issuedReports(queue: WorkQueue, reports: Reports, caller: Caller): AsyncIterableIterator<GraphReport> {
  const waiting: string[] = [];
  let wake: (() => void) | undefined;
  let over = false;
  const end = (): void => {
    over = true;
    stop();
    wake?.();
  };
  const stop = queue.listen(REPORT_ISSUED, (id) => {
    waiting.push(id);
    if (waiting.length > BACKLOG) {
      event('graphql.subscriber-too-slow');
      end();
    }
    wake?.();
  });
  return {
    async next(): Promise<IteratorResult<GraphReport>> {
      while (!over) {
        const id = waiting.shift();
        const row = id === undefined ? undefined : await reports.read(caller, id);
        if (row) return { done: false, value: graphReport(row) };
        if (id === undefined) await new Promise<void>((resolve) => (wake = resolve));
      }
      return { done: true, value: undefined };
    },
    async return(): Promise<IteratorResult<GraphReport>> {
      end();
      return { done: true, value: undefined };
    },
    async throw(error: unknown): Promise<IteratorResult<GraphReport>> {
      end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
