import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { notificationText, type NotificationType, type NotifiedEvent } from '../../delivery/notification.js';
import { Subscriptions } from '../../delivery/subscriptions.js';
import { SUBSCRIPTION_EVENT, type StateRow } from '../../delivery/subscriptions.sql.js';
import type { Caller } from '../../access/caller.js';
import { asFault } from '../../faults.js';
import { event } from '../../log.js';
import { inTenant } from '../../database/scope.js';
import { PublicAddress } from '../../public-address.js';
import { WorkQueue } from '../../work/work-queue.js';
import { Door } from '../door.js';
import { endWithToken, UNAUTHORIZED } from '../end-with-token.js';
import { claimUpgrades } from '../upgrades.js';

/** Where the WebSocket is. */
export const SOCKET_PATH = '/fhir/$subscription-events';

/** A client says nothing but `bind-with-token TOKEN`. */
const LARGEST_MESSAGE_BYTES = 1_024;
/** One that does not keep up loses its channel rather than the server its memory; it asks `$events` for what it missed. */
const BACKLOG_BYTES = 2 ** 22;
const BIND_WITHIN_MS = 30_000;

/** A WebSocket that a subscription's events go to. */
interface Bound {
  readonly socket: WebSocket;
  readonly id: string;
  readonly tenant: number;
  /** Who got the token that it is bound by. */
  readonly listener: Caller;
  /** Number of the last event that was sent. */
  last: number;
  /** Sendings go one after the other. */
  busy: Promise<void>;
  heartbeat: NodeJS.Timeout | undefined;
}

/** Subscriptions over a WebSocket (Subscriptions R5 Backport 1.1, websocket channel): a token binds it, then notifications come. */
@Injectable()
export class SubscriptionChannels implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES });
  private readonly bound = new Set<Bound>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly subscriptions: Subscriptions,
    private readonly queue: WorkQueue,
    private readonly address: PublicAddress,
    private readonly door: Door,
  ) {}

  onApplicationBootstrap(): void {
    const http = this.host.httpAdapter.getHttpServer() as Server; // what Nest's Fastify adapter holds
    claimUpgrades(
      http,
      this.door,
      (path) => path === SOCKET_PATH,
      (request, socket, head) => this.open(request, socket, head),
    );
    this.queue.listen(SUBSCRIPTION_EVENT, (id) => {
      for (const one of this.bound) if (one.id === id) this.deliver(one);
    });
  }

  onApplicationShutdown(): void {
    for (const { socket } of this.bound) socket.close(1001);
    this.server.close();
  }

  private open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, socket, head, (channel) => this.greet(channel));
  }

  private greet(socket: WebSocket): void {
    const late = setTimeout(() => socket.close(1008, 'no token'), BIND_WITHIN_MS);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => clearTimeout(late));
    socket.on('message', (data: Buffer) => {
      clearTimeout(late);
      const [, token] = /^bind-with-token:? (\S+)\s*$/.exec(data.toString('utf8')) ?? [];
      if (token === undefined) return socket.close(1008, 'bind-with-token is all that is taken');
      void this.bind(socket, token);
    });
  }

  private async bind(socket: WebSocket, token: string): Promise<void> {
    try {
      const { state, listener } = await this.subscriptions.bound(token);
      await this.door.stillGood(listener);
      if (socket.readyState !== socket.OPEN) return; // gone meanwhile
      const { id, tenant, events: last } = state;
      const one: Bound = { socket, id, tenant, listener, last, busy: Promise.resolve(), heartbeat: undefined };
      this.bound.add(one);
      endWithToken(listener, socket, () => this.door.stillGood(listener));
      socket.on('close', () => {
        clearTimeout(one.heartbeat);
        this.bound.delete(one);
      });
      this.say(one, state, 'handshake');
      this.deliver(one); // what came meanwhile
    } catch (error) {
      const fault = asFault(error);
      socket.close(fault.status < 500 ? 1008 : 1011, fault.status < 500 ? 'this token binds to nothing' : undefined);
    }
  }

  private deliver(one: Bound, isBeat = false): void {
    one.busy = one.busy.then(() => inTenant(one.tenant, () => this.tell(one, isBeat)));
  }

  /** Says what is new; as a sign of life also that nothing is, by what is so now. */
  private async tell(one: Bound, isBeat: boolean): Promise<void> {
    try {
      for (let said = false; ; said = true) {
        await this.door.stillGood(one.listener);
        const { state, events } = await this.subscriptions.news(one.listener, one.id, one.last);
        if (one.socket.readyState !== one.socket.OPEN) return;
        if (state.form.channel !== 'websocket') return one.socket.close(1000, 'the subscription has another channel');
        if (events.length === 0) return void (isBeat && !said && this.say(one, state, 'heartbeat'));
        this.say(one, state, 'event-notification', events);
        one.last = events[events.length - 1].number;
      }
    } catch (error) {
      // It is off, or the database is away: the client asks $events for what it missed.
      const { code, status } = asFault(error);
      event('delivery.channel-lost', { code });
      one.socket.close(status === 401 ? UNAUTHORIZED : 1011);
    }
  }

  private say(one: Bound, state: StateRow, type: NotificationType, events: readonly NotifiedEvent[] = []): void {
    const { socket } = one;
    if (socket.bufferedAmount > BACKLOG_BYTES) return socket.terminate();
    const { id, topic, status, events: last, form } = state;
    socket.send(notificationText({ id, topic, status, events: last }, type, this.address.fhir, events, form.content));
    clearTimeout(one.heartbeat);
    if (form.heartbeatSeconds !== undefined) one.heartbeat = setTimeout(() => this.deliver(one, true), form.heartbeatSeconds * 1000);
  }
}
