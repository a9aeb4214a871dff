import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders as Http2Headers } from 'node:http2';
import { request as httpsRequest } from 'node:https';

/** An answer as it came over the wire: nothing decoded, nothing followed. */
export interface Exchanged {
  readonly status: number;
  readonly headers: IncomingHttpHeaders | Http2Headers;
  readonly body: Buffer;
}

export interface Said {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** The certificate that the server's is signed by. */
  readonly ca?: string;
}

/** A request over HTTP/1.1 with these headers and no others, which fetch would add. Fails where the answer is cut short. */
export const exchange = (url: string, { method = 'GET', headers = {}, body, ca }: Said = {}): Promise<Exchanged> =>
  new Promise((done, fail) => {
    const ask = url.startsWith('https') ? httpsRequest : httpRequest;
    ask(url, { method, headers, ca }, (answer) => {
      const chunks: Buffer[] = [];
      answer
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', fail)
        .on('end', () => done({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }));
    })
      .on('error', fail)
      .end(body);
  });

/** An HTTP/2 connection: over TLS by ALPN, in clear text by prior knowledge. */
export const http2Session = (url: string, ca?: string): Promise<ClientHttp2Session> =>
  new Promise((done, fail) => {
    const session = connect(url, { ca });
    session.once('error', fail).once('connect', () => done(session));
  });

/** A request over HTTP/2. Fails where the stream is reset. */
export const exchange2 = (
  session: ClientHttp2Session,
  path: string,
  { method = 'GET', headers = {}, body }: Said = {},
): Promise<Exchanged> =>
  new Promise((done, fail) => {
    const stream = session.request({ ':path': path, ':method': method, ...headers });
    const chunks: Buffer[] = [];
    let answered: Http2Headers & { ':status'?: number } = {};
    stream
      .on('response', (given) => (answered = given))
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('error', fail)
      .on('close', () => done({ status: answered[':status'] ?? 0, headers: answered, body: Buffer.concat(chunks) }));
    stream.end(body);
  });
