import type { FastifyReply } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Fault } from '../../faults.js';
import { breakOff } from '../broken-answer.js';
import { graphError } from './faults.js';
import { TAKEN_WITHIN_MS as UNTAKEN_MS } from '../leaving.js';
import { inOurWords } from './stream-forms.js';
import { isReceiverGone } from '../receiver.js';

/** Proxies and browsers give up on what is silent for long. */
const HEARTBEAT_MS = 12_000;

/** How long a client may take for the last of a stream that the server ends. */
const TAKEN_WITHIN_MS = 2_000;

/**
 * Results as events `next`, then `complete` (graphql-sse's protocol). Each waits until the one before has been taken. What ends it before
 * its time is told in a last `next`.
 */
export class EventStream {
  private results: AsyncIterator<ExecutionResult> | undefined;
  private ended = false;
  private why: Fault | undefined;

  constructor(private readonly reply: FastifyReply) {}

  async send(results: AsyncIterable<ExecutionResult> | ExecutionResult): Promise<void> {
    this.begin();
    const heartbeat = setInterval(() => void this.reply.raw.write(':\n\n'), HEARTBEAT_MS);
    try {
      await (Symbol.asyncIterator in results ? this.each(results[Symbol.asyncIterator]()) : this.next(results));
    } catch (error) {
      await this.next({ errors: [graphError(error)] });
    } finally {
      clearInterval(heartbeat);
      await this.complete();
    }
  }

  private async each(results: AsyncIterator<ExecutionResult>): Promise<void> {
    this.results = results;
    if (this.ended) await results.return?.(); // the client left before it began
    for (let one = await results.next(); !one.done && !this.ended; one = await results.next()) await this.next(one.value);
    if (this.why !== undefined) await this.next({ errors: [graphError(this.why)] });
  }

  /** @param why  for the client to be told; absent where it left */
  async end(why?: Fault): Promise<void> {
    this.ended = true;
    this.why ??= why;
    if (why !== undefined) this.closeWithin(TAKEN_WITHIN_MS);
    await this.results?.return?.();
  }

  private closeWithin(ms: number): void {
    const { raw } = this.reply;
    const late = setTimeout(() => breakOff(this.reply), ms);
    raw.once('close', () => clearTimeout(late));
  }

  private async complete(): Promise<void> {
    const { raw } = this.reply;
    if (isReceiverGone(raw)) return;
    raw.end('event: complete\ndata:\n\n');
    this.closeWithin(UNTAKEN_MS);
    const over = new AbortController();
    const { signal } = over;
    const ends = [finished(raw, { signal }), once(raw, 'close', { signal })]; // the client may leave before it has all: that is an end, too
    await Promise.race(ends.map((end) => end.catch(() => undefined)));
    over.abort();
  }

  private begin(): void {
    this.reply.hijack();
    const { raw } = this.reply;
    if (isReceiverGone(raw)) void this.end();
    raw.on('close', () => void this.end());
    raw.on('error', () => void this.end());
    for (const [name, value] of Object.entries(this.reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no', // a proxy that gathers would keep what is told live
    });
    raw.write(':\n\n'); // so that the client knows that it is heard
  }

  private async next(result: ExecutionResult): Promise<void> {
    const { raw } = this.reply;
    if (isReceiverGone(raw)) return;
    const taken = raw.write(`event: next\ndata: ${JSON.stringify(inOurWords(result))}\n\n`);
    if (taken) return;
    const over = new AbortController();
    const late = setTimeout(() => breakOff(this.reply), UNTAKEN_MS); // who takes nothing for long would keep a turn from others
    await Promise.race([once(raw, 'drain', over), once(raw, 'close', over)]).catch(() => undefined); // it broke: the same as closed
    clearTimeout(late);
    over.abort();
  }
}
