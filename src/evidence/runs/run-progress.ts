import { timeOf, type TimeInterval } from './time-left.js';

export interface Progress {
  readonly done: number;
  /** Of those done: without a score. */
  readonly failed: number;
  readonly total: number;
  /** 0..100 */
  readonly percent: number;
  /** null while nothing was done in that time. */
  readonly casesPerSecond: { readonly lately: number | null; readonly overall: number | null };
  /** null until there are enough batches to say what it may miss by. */
  readonly secondsLeft: TimeInterval | null;
}

interface Batch {
  readonly cases: number;
  readonly milliseconds: number;
  readonly at: number;
}

/** Over which throughput is what it is lately. */
const LATELY_MILLISECONDS = 60_000;
/** From so many batches on the time left is told: of fewer the spread is anybody's guess. */
const LEAST_BATCHES = 4;
/** Batches that are kept: the last ones tell best how it goes on. */
const KEPT_BATCHES = 512;

/** How far a run has come. Times are milliseconds of one clock, given by who counts; what was done before it stopped counts as done. */
export class RunProgress {
  private readonly batches: Batch[] = [];
  private readonly before: number;
  private done: number;
  private failed: number;
  private last: number;

  /** @param before  what a resumed run had done */
  constructor(
    private readonly total: number,
    before: { readonly done: number; readonly failed: number },
    private readonly began: number,
  ) {
    this.before = before.done;
    ({ done: this.done, failed: this.failed } = before);
    this.last = began;
  }

  /** A batch is done. */
  add({ cases, failed }: { readonly cases: number; readonly failed: number }, at: number): void {
    this.done += cases;
    this.failed += failed;
    if (cases === 0) return;
    this.batches.push({ cases, milliseconds: at - this.last, at });
    if (this.batches.length > KEPT_BATCHES) this.batches.shift();
    this.last = at;
  }

  at(now: number): Progress {
    const { done, failed, total } = this;
    const since = Math.max(this.began, now - LATELY_MILLISECONDS);
    const lately = this.batches.filter(({ at }) => at > since).reduce((sum, { cases }) => sum + cases, 0);
    return {
      done,
      failed,
      total,
      percent: total === 0 ? 100 : (100 * done) / total,
      casesPerSecond: { lately: rate(lately, now - since), overall: rate(done - this.before, now - this.began) },
      secondsLeft: this.secondsLeft(now),
    };
  }

  /** From the batches: a case's mean time, and its variance by how far each batch lies from what its cases should have taken. */
  private secondsLeft(now: number): TimeInterval | null {
    const left = this.total - this.done;
    if (left <= 0) return { estimate: 0, lower: 0, upper: 0 };
    const { length } = this.batches;
    if (length < LEAST_BATCHES) return null;
    const cases = this.batches.reduce((sum, batch) => sum + batch.cases, 0);
    const mean = this.batches.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / cases;
    const squares = this.batches.reduce((sum, batch) => sum + (batch.milliseconds - batch.cases * mean) ** 2 / batch.cases, 0);
    const time = timeOf(left, { mean, variance: squares / (length - 1), measured: length, casesEach: cases / length });
    const passed = now - this.last; // of the batch that is under way
    const seconds = (milliseconds: number): number => Math.max(0, milliseconds - passed) / 1_000;
    return { estimate: seconds(time.estimate), lower: seconds(time.lower), upper: seconds(time.upper) };
  }
}

const rate = (cases: number, milliseconds: number): number | null =>
  cases > 0 && milliseconds > 0 ? (1_000 * cases) / milliseconds : null;
