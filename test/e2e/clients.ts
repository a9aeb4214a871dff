import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { HTTP1, type Wire } from './wires.js';

/** What a client asks for, and how often at once. */
export interface Asking {
  readonly url: string;
  readonly ca?: string | undefined;
  readonly isHttp2: boolean;
  readonly times: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Starts a client as a process of its own that asks so and reads nothing; it is there when all its answers have begun. */
export async function aClient({ name, wetread: { url }, ca }: Wire, asking: Omit<Asking, 'url' | 'ca' | 'isHttp2'>): Promise<ChildProcess> {
  const client = fork(fileURLToPath(new URL('./a-client.js', import.meta.url)));
  client.send({ url, ca, isHttp2: name !== HTTP1, ...asking } satisfies Asking);
  await Promise.race([once(client, 'message'), once(client, 'exit').then(() => Promise.reject(new Error('the client ended')))]);
  return client;
}

/** Kills it as a crash would: its machine ends its connections. */
export async function killed(client: ChildProcess): Promise<void> {
  const ended = once(client, 'exit');
  client.kill('SIGKILL');
  await ended;
}
