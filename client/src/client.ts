import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { errorFrom, Unavailable, type GraphErrorShape, type WetreadError } from './errors.js';

export interface WetreadOptions {
  /** Of the server, such as https://wetread.example. */
  readonly url: string;
  /** Gives the access token for each request and each connection; none where the server asks for none. */
  readonly token?: () => string | Promise<string>;
  /** In place of the platform's own; a WebSocket of Node's `ws`, say. */
  readonly fetch?: typeof globalThis.fetch;
  readonly webSocket?: unknown;
}

/** A document's variables; left out where it has none. */
type Given<Variables> = Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables];

/** Asks a wetread server's graph. Documents bring the types of their variables and answers (TypedDocumentNode). */
export class WetreadClient {
  private readonly endpoint: string;
  private socket: Client | undefined;

  constructor(private readonly options: WetreadOptions) {
    this.endpoint = `${options.url.replace(/\/+$/, '')}/graphql`;
  }

  /** Runs a query or a mutation. @throws WetreadError  one of its kinds (errors.ts) */
  async run<Data, Variables>(document: TypedDocumentNode<Data, Variables>, ...[variables]: Given<Variables>): Promise<Data> {
    const answer = await this.post(JSON.stringify({ query: print(document), variables }));
    const body = (await answer.json().catch(() => ({}))) as { data?: Data | null; errors?: readonly GraphErrorShape[] };
    if (body.errors !== undefined || body.data == null) throw errorFrom(body.errors ?? [], answer.status);
    return body.data;
  }

  /** Follows a subscription until the loop is left. @throws WetreadError  one of its kinds (errors.ts) */
  async *follow<Data, Variables>(document: TypedDocumentNode<Data, Variables>, ...[variables]: Given<Variables>): AsyncGenerator<Data> {
    const events = this.connection().iterate<Data>({ query: print(document), variables: variables ?? {} });
    try {
      for await (const { data, errors } of events) {
        if (errors || data == null) throw errorFrom(errors ?? []);
        yield data;
      }
    } catch (error) {
      throw failure(error);
    }
  }

  /** Ends the connection of the subscriptions. */
  async close(): Promise<void> {
    await this.socket?.dispose();
    this.socket = undefined;
  }

  private async post(body: string): Promise<Response> {
    const token = await this.options.token?.();
    const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    try {
      return await (this.options.fetch ?? fetch)(this.endpoint, { method: 'POST', headers, body });
    } catch {
      throw new Unavailable('unreachable', 'The server could not be reached.');
    }
  }

  private connection(): Client {
    const { token, webSocket } = this.options;
    this.socket ??= createClient({
      url: this.endpoint.replace(/^http/, 'ws'),
      webSocketImpl: webSocket,
      connectionParams: async () => (token === undefined ? {} : { authorization: `Bearer ${await token()}` }),
    });
    return this.socket;
  }
}

/** What a connection fails by: the graph's errors, or the way to it. */
function failure(error: unknown): WetreadError | Error {
  if (Array.isArray(error)) return errorFrom(error as readonly GraphErrorShape[]);
  return error instanceof Error ? error : new Unavailable('connection-lost', 'The connection to the server was lost.');
}
