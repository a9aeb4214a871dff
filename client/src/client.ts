import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import {
  errorFrom,
  NotPermitted,
  problemFrom,
  Unauthenticated,
  Unavailable,
  WetreadError,
  type GraphErrorShape,
  type ProblemShape,
} from './errors.js';

export interface WetreadOptions {
  /** Of the server, such as https://wetread.example. */
  readonly url: string;
  /** Gives the access token for each request and each connection; none where the server asks for none. */
  readonly token?: () => string | Promise<string>;
  /** In place of the platform's own; a WebSocket of Node's `ws`, say. */
  readonly fetch?: typeof globalThis.fetch;
  readonly webSocket?: unknown;
}

/** What was given of what was asked for, and why the rest was not: such fields are null in `data`. */
export interface PartialAnswer<Data> {
  readonly data: Data;
  readonly errors: readonly GraphErrorShape[];
}

type Answered<Data> = ProblemShape & { readonly data?: Data | null; readonly errors?: readonly GraphErrorShape[] };

/** A document's variables; left out where it has none. */
type Given<Variables> = Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables];

/** Asks a wetread server's graph. Documents bring the types of their variables and answers (TypedDocumentNode). */
export class WetreadClient {
  private readonly endpoint: string;
  private socket: Client | undefined;

  constructor(private readonly options: WetreadOptions) {
    this.endpoint = `${options.url.replace(/\/+$/, '')}/graphql`;
  }

  /** Runs a query or a mutation: all that was asked for, or an exception. @throws WetreadError  one of its kinds (errors.ts) */
  async run<Data, Variables>(document: TypedDocumentNode<Data, Variables>, ...given: Given<Variables>): Promise<Data> {
    const { data, errors } = await this.runPartial(document, ...given);
    if (errors.length > 0) throw errorFrom(errors);
    return data;
  }

  /** The same, with what could be given where single fields were refused. @throws WetreadError  where nothing was given */
  async runPartial<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...[variables]: Given<Variables>
  ): Promise<PartialAnswer<Data>> {
    const answer = await this.post(JSON.stringify({ query: print(document), variables }));
    const body = (await answer.json().catch(() => ({}))) as Answered<Data>;
    const { data, errors = [] } = body;
    const isGiven = data != null && (errors.length === 0 || Object.values(data).some((one) => one !== null));
    if (isGiven) return { data, errors };
    throw body.errors ? errorFrom(body.errors, answer.status) : problemFrom(body, answer.status);
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

/** The kinds of a WebSocket's end (graphql-ws, CloseCode); every other is the way to the server. */
const BY_CLOSE_CODE: Readonly<Record<number, () => WetreadError>> = {
  4401: () => new Unauthenticated('unauthenticated', 'The server does not take the access token, or not any more.'),
  4403: () => new NotPermitted('forbidden', 'The server takes no connection from this page, or not for this reason.'),
};

/** What a subscription fails by: the graph's errors, or the end of its connection. */
function failure(error: unknown): WetreadError {
  if (error instanceof WetreadError) return error;
  if (Array.isArray(error)) return errorFrom(error as readonly GraphErrorShape[]);
  const { code = 0 } = error as { code?: number }; // of a close event
  return BY_CLOSE_CODE[code]?.() ?? new Unavailable('connection-lost', 'The connection to the server was lost.');
}
