import type { FastifyReply, FastifyRequest } from 'fastify';
import { breakOffWith } from './broken-answer.js';
import { coded, isStream } from './content-coding.js';
import { headless } from './head.js';
import { addVary } from './vary.js';

/** The wires whose answers follow the Accept header. */
const NEGOTIATED = /^\/(dicom-web|wado|fhir)\b/;

/** The last step of every answer before its bytes: a hook of Fastify's `onSend`. */
export function outgoing(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: Error | null, payload?: unknown) => void,
): void {
  reply.header('X-Content-Type-Options', 'nosniff');
  if (NEGOTIATED.test(request.url)) addVary(reply, 'Accept');
  coded(request, reply, headless(request, reply, payload), (error, body) => {
    if (isStream(body)) breakOffWith(body, reply);
    done(error, body);
  });
}
