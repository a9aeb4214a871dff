import { describe, expect, it } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { EventStream } from '../../../src/api/graphql/event-stream.js';

/** Fastify's reply, as far as a stream takes it. */
const replyOf = (raw: ServerResponse): FastifyReply =>
  ({ raw, hijack: () => undefined, getHeaders: () => ({}) }) as unknown as FastifyReply;

describe('An event stream', () => {
  it('is over where its connection breaks at the moment at which it ends', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    client.on('error', () => undefined);
    const [, raw] = (await once(server, 'request')) as [unknown, ServerResponse];
    // The response does not know yet that its socket is gone: what is written then is neither sent nor called back for.
    const next = async (): Promise<IteratorResult<ExecutionResult>> => {
      raw.socket?.destroy();
      return { done: true, value: undefined };
    };
    await new EventStream(replyOf(raw)).send({ [Symbol.asyncIterator]: () => ({ next }) });
    expect([raw.writableEnded, raw.writableFinished]).toEqual([true, false]);
    client.destroy();
    server.close();
  });
});
