import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Door } from '../door.js';
import { claimUpgrades, refuseUpgrade } from '../upgrades.js';
import { askedBy } from './asked-by.js';
import { byChannel } from '../leaving.js';
import { graphContext, type Rooms } from './loaders.js';
import type { Operations } from './operations.js';
import type { AnswerRecords } from './answer-records.js';
import { Strangers } from './strangers.js';
import { subscriptionOptions } from './subscriptions.js';

const PATH = '/graphql';
/** As of a body over HTTP. */
const LARGEST_MESSAGE_BYTES = 4 * 2 ** 20;
/** Within which a client says who it is; 4408 otherwise. */
const KNOWN_WITHIN_MS = 3_000;
/** How long the server waits, where it is going, for clients to close what it closed. */
const CLOSED_WITHIN_MS = 2_000;
/** Pages of elsewhere get 4403 when they say who they are: the one answer after which graphql-ws's client does not try again. */
const OPEN = { isOpenTo: () => true };

/** The graph's WebSockets (graphql-transport-ws). Nest's own have no limit of a message's size. */
export class GraphSockets implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES });
  private readonly strangers = new Strangers();
  private served: ReturnType<typeof useServer> | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly rooms: Rooms,
    private readonly operations: Operations,
    private readonly door: Door,
    private readonly records: AnswerRecords,
  ) {}

  onApplicationBootstrap(): void {
    const options = subscriptionOptions(this.door, this.operations, this.operations.open, this.records);
    this.served = useServer(
      {
        ...options,
        schema: this.operations.schema,
        context: ({ extra }) => graphContext(askedBy(extra), this.rooms, byChannel((extra as Extra).socket)),
        connectionInitWaitTimeout: KNOWN_WITHIN_MS,
        onConnect: async (context) => {
          const isKnown = await options.onConnect?.(context);
          if (isKnown !== false) this.strangers.release((context.extra as Extra).socket);
          return isKnown;
        },
      },
      this.server,
    );
    const http = this.host.httpAdapter.getHttpServer() as Server; // what Nest's Fastify adapter holds
    claimUpgrades(
      http,
      OPEN,
      (path) => path === PATH,
      (request, socket, head) => this.open(request, socket, head),
    );
  }

  /** Closes them all: 1001, going away. */
  async onModuleDestroy(): Promise<void> {
    const { clients } = this.server;
    const late = setTimeout(() => clients.forEach((one) => one.terminate()), CLOSED_WITHIN_MS);
    await this.served?.dispose();
    clearTimeout(late);
  }

  private open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const network = this.door.networkOf(request);
    if (!this.strangers.mayCome(network)) return refuseUpgrade(socket, '429 Too Many Requests');
    this.server.handleUpgrade(request, socket, head, (channel) => {
      this.strangers.hold(channel, socket, network);
      quietly(channel);
      channel.setMaxListeners(0); // each operation that waits for its turn hears of its end
      this.server.emit('connection', channel, request);
      // graphql-ws prints each of a client's faults; ws has closed it by then, and said why.
      channel.removeAllListeners('error').on('error', () => undefined);
    });
  }
}

/** What a client that is gone does not take any more is no fault of the server's: graphql-ws would print it. */
function quietly(channel: WebSocket): void {
  const send = channel.send.bind(channel) as (data: string, done?: () => void) => void;
  channel.send = ((data: string, done?: (error?: Error) => void) => send(data, done && (() => done()))) as typeof channel.send;
}
