import { Agent, request } from 'node:http';
import { connect, type ClientHttp2Session } from 'node:http2';
import type { Asking } from './clients.js';

/** A client as a process of its own, which can be killed: asks as often as it is told, reads nothing, and tells when all answers have begun. */
process.on('disconnect', () => process.exit(0));
process.once('message', (asking: Asking) => {
  void begun(asking).then(() => process.send?.('begun'));
});

async function begun({ url, ca, isHttp2, times, ...asked }: Asking): Promise<void> {
  const session = isHttp2 ? await connected(url, ca) : undefined;
  const agent = new Agent();
  const one = (): Promise<void> => (session === undefined ? overHttp1(url, agent, asked) : overHttp2(session, asked));
  await Promise.all(Array.from({ length: times }, one));
}

const connected = (url: string, ca: string | undefined): Promise<ClientHttp2Session> =>
  new Promise((done) => {
    const session = connect(url, { ca });
    session.once('connect', () => done(session));
  });

type Asked = Pick<Asking, 'path' | 'method' | 'headers' | 'body'>;

const overHttp1 = (url: string, agent: Agent, { path, method, headers, body }: Asked): Promise<void> =>
  new Promise((done) => {
    request(`${url}${path}`, { method, headers, agent })
      .once('response', () => done())
      .end(body);
  });

const overHttp2 = (session: ClientHttp2Session, { path, method, headers, body }: Asked): Promise<void> =>
  new Promise((done) => {
    session
      .request({ ':path': path, ':method': method, ...headers })
      .once('response', () => done())
      .end(body);
  });
