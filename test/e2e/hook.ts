import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle, Parameters } from 'fhir/r4.js';
import { eventually } from './wetread.js';

/** A notification as it came. */
export interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Where notifications are posted to. */
export class Hook {
  readonly heard: Heard[] = [];
  /** What it answers, by path; 200 where nothing is said. */
  readonly answers = new Map<string, number>();
  private constructor(private readonly server: Server) {}

  static async open(): Promise<Hook> {
    const server = createServer((request, answer) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const path = request.url ?? '';
        const status = hook.answers.get(path) ?? 200;
        if (status === 200) hook.heard.push({ path, headers: request.headers, text: Buffer.concat(parts).toString() });
        answer.writeHead(status).end('ignored');
      });
    });
    const hook = new Hook(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return hook;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  url(path: string): string {
    return `http://${this.host}${path}`;
  }

  /** The notifications of a type at a path, once there are so many. */
  notified(path: string, type: string, count: number): Promise<Bundle[]> {
    return eventually(() => {
      const all = this.heard.filter((one) => one.path === path).map(({ text }) => JSON.parse(text) as Bundle);
      const wanted = all.filter((bundle) => statusOf(bundle, 'type') === type);
      return Promise.resolve(wanted.length >= count ? wanted : undefined);
    }, `${count} notifications (${type}) at ${path}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

const statusIn = ({ entry = [] }: Bundle) => (entry[0].resource as Parameters).parameter ?? [];

/** What the status in a notification says, by the parameter's name. */
export function statusOf(bundle: Bundle, name: string): unknown {
  const parameter = statusIn(bundle);
  const { name: _name, ...value } = (parameter.find((one) => one.name === name) ?? {}) as Record<string, unknown>;
  return Object.values(value)[0];
}

/** The events in a notification: number and focus. */
export function eventsIn(bundle: Bundle): [number: unknown, focus: unknown][] {
  return statusIn(bundle)
    .filter(({ name }) => name === 'notification-event')
    .map(({ part = [] }) => [
      part.find(({ name }) => name === 'event-number')?.valueString,
      part.find(({ name }) => name === 'focus')?.valueReference?.reference,
    ]);
}
