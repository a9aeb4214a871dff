import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { event } from '../../log.js';
import type { Caller } from '../../access/caller.js';
import { WorkQueue } from '../../work/work-queue.js';
import { Subscriptions } from '../../worklist/subscriptions.js';
import { WORKITEM_EVENT } from '../../worklist/subscriptions.sql.js';
import { inTenant } from '../../database/scope.js';
import { asFault } from '../../faults.js';
import { endWithToken } from '../end-with-token.js';
import { Door } from '../door.js';
import { claimUpgrades, refuseUpgrade, type Refusal } from '../upgrades.js';
import { aeTitle } from './workitem-paths.js';

/** A subscriber says nothing over its channel. */
const LARGEST_MESSAGE_BYTES = 1_024;
/** One that does not keep up loses its channel rather than the server its memory. */
const BACKLOG_BYTES = 2 ** 20;

const REFUSALS: Readonly<Record<number, Refusal>> = { 400: '400 Bad Request', 401: '401 Unauthorized', 403: '403 Forbidden' };

/** Event channels: a WebSocket a subscriber, over which it hears of its workitems (PS3.18 8.10, 11.13). */
@Injectable()
export class EventChannels implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly sockets = new Map<string, Set<WebSocket>>();
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES });
  private delivered: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly subscriptions: Subscriptions,
    private readonly queue: WorkQueue,
    private readonly door: Door,
  ) {}

  onApplicationBootstrap(): void {
    const http = this.host.httpAdapter.getHttpServer() as Server; // what Nest's Fastify adapter holds
    claimUpgrades(
      http,
      this.door,
      (path) => subscriberOf(path) !== undefined,
      (request, socket, head) => void this.open(request, socket, head),
    );
    // One after the other, so that a subscriber hears of changes in their order.
    this.queue.listen(WORKITEM_EVENT, (id) => {
      if (this.sockets.size > 0) this.delivered = this.delivered.then(() => this.deliver(Number(id)));
    });
  }

  onApplicationShutdown(): void {
    for (const socket of [...this.sockets.values()].flatMap((some) => [...some])) socket.close(1001);
    this.server.close();
  }

  /** Who may search workitems may hear of them; the channel ends with the token that opened it. */
  private async open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const subscriber = subscriberOf(request.url ?? '') as string; // it was claimed by it
    let caller: Caller;
    try {
      caller = await this.listenerOf(request, subscriber);
    } catch (error) {
      return refuseUpgrade(socket, REFUSALS[asFault(error).status] ?? '503 Service Unavailable');
    }
    this.server.handleUpgrade(request, socket, head, (channel) => {
      this.hold(keyOf(caller.tenant, subscriber), channel);
      endWithToken(caller, channel, () => this.door.stillOpenTo(request.headers));
    });
  }

  /** Who opens it; on record, whether they may or not. Throws as Door.callerOf does, NotPermitted, DatabaseAway. */
  private async listenerOf(request: IncomingMessage, subscriber: string): Promise<Caller> {
    const caller = await this.door.callerOf(request);
    try {
      await inTenant(caller.tenant, () => this.subscriptions.listen(caller, subscriber));
    } catch (error) {
      if (asFault(error).status === 403) await this.door.refused(caller);
      throw error;
    }
    return caller;
  }

  private hold(key: string, channel: WebSocket): void {
    const held = this.sockets.get(key) ?? new Set();
    this.sockets.set(key, held.add(channel));
    channel.on('error', () => channel.terminate());
    channel.on('close', () => {
      held.delete(channel);
      if (held.size === 0) this.sockets.delete(key);
    });
  }

  private async deliver(id: number): Promise<void> {
    try {
      const found = await this.subscriptions.report(id);
      for (const channel of found === undefined ? [] : (this.sockets.get(keyOf(found.tenant, found.subscriber)) ?? [])) {
        if (channel.bufferedAmount > BACKLOG_BYTES) {
          event('worklist.subscriber-too-slow');
          channel.terminate();
        } else channel.send(found?.report ?? '');
      }
    } catch {
      event('worklist.event-lost', { id }); // the database is away; nobody is owed a second try (PS3.4 CC.2.4.3)
    }
  }
}

/** Two tenants may name their subscribers alike. */
const keyOf = (tenant: number, subscriber: string): string => `${tenant} ${subscriber}`;

/** The AE title of `/dicom-web/subscribers/AE`; undefined for any other address. */
function subscriberOf(url: string): string | undefined {
  const [, name] = /^\/dicom-web\/subscribers\/([^/?]+)\/?(?:\?.*)?$/.exec(url) ?? [];
  if (name === undefined) return undefined;
  try {
    return aeTitle(decodeURIComponent(name));
  } catch {
    return undefined;
  }
}
