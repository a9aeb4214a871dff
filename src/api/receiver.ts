import type { ServerResponse } from 'node:http';

/** A response, as far as it tells whether somebody is there to take it. */
export type Receiving = Pick<ServerResponse, 'closed' | 'destroyed'>;

/** Whether nobody is there any more to take an answer. Node's responses of HTTP/2 have neither `closed` nor `destroyed`: their streams have. */
export function isReceiverGone(response: Receiving): boolean {
  const { stream } = response as { readonly stream?: Receiving };
  const { closed, destroyed } = stream ?? response;
  return closed || destroyed;
}
