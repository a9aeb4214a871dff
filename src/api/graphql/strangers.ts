import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Bytes that one may send: the message with the token, and frames around it. */
const MOST_BYTES = 64 * 2 ** 10;
/** Of one network address at once. Who has a token is one for some milliseconds. */
const MOST_OF_ONE_ADDRESS = 100;

/** Connections of which nobody knows yet whose they are: few of one address, and heard for a few bytes. */
export class Strangers {
  private readonly count = new Map<string, number>();
  private readonly held = new Map<WebSocket, () => void>();

  mayCome(network: string): boolean {
    return (this.count.get(network) ?? 0) < MOST_OF_ONE_ADDRESS;
  }

  /** Until it is known or over. @param socket  that its bytes come by */
  hold(channel: WebSocket, socket: Duplex, network: string): void {
    this.count.set(network, (this.count.get(network) ?? 0) + 1);
    let bytes = 0;
    const hear = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) channel.terminate();
    };
    socket.on('data', hear);
    this.held.set(channel, () => {
      socket.off('data', hear);
      const left = (this.count.get(network) ?? 1) - 1;
      if (left === 0) this.count.delete(network);
      else this.count.set(network, left);
    });
    channel.once('close', () => this.release(channel));
  }

  /** It was made out whose it is, or it is over. */
  release(channel: WebSocket): void {
    this.held.get(channel)?.();
    this.held.delete(channel);
  }
}
