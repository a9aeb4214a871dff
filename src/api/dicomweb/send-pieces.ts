import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { onwards } from '../../archive/onwards.js';
import { beginOnRecord, isBodyDue, type Decision } from '../conditional.js';

const READ_AHEAD_BYTES = 1 << 18;

/** Bytes that are made or read piece by piece, as Fastify sends them. */
export const streamOf = (pieces: AsyncIterable<Uint8Array>): Readable =>
  Readable.from(pieces, { objectMode: false, highWaterMark: READ_AHEAD_BYTES });

/**
 * Sends what is made or read piece by piece, or what was decided on instead. The first piece is there before the look at them is on record:
 * what cannot be given is not on record as given, and gets its status. Nothing is made or read where no body is due.
 * @param begins  where something is to be let go of besides
 * @throws what `pieces` and `begins` do
 */
export async function sendPieces(
  reply: FastifyReply,
  decision: Decision,
  looked: () => Promise<unknown>,
  pieces: AsyncIterable<Uint8Array>,
  begins = beginOnRecord,
): Promise<void> {
  if (!isBodyDue(reply, decision)) return void (await begins(reply, decision, looked));
  const rest = onwards([], pieces);
  try {
    const { value: first, done } = await rest.next();
    await begins(reply, decision, looked);
    const stream = streamOf(onwards(done ? [] : [first], rest));
    stream.once('close', () => void rest.return(undefined)); // begun above: who leaves before the stream is read ends it all the same
    await reply.send(stream);
  } catch (error) {
    await rest.return(undefined);
    throw error;
  }
}
