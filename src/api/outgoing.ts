import type { FastifyReply, FastifyRequest } from 'fastify';
import { breakOffWith } from './broken-answer.js';
import { coded, isStream } from './content-coding.js';
import { headless } from './head.js';
import { isCutting, lingering } from './lingering.js';
import { bodyInPieces } from './untaken-answers.js';

/** The wires whose answers follow the Accept header. */
const NEGOTIATED = /^\/(dicom-web|wado|fhir)\b/;

/** What every answer says, however it leaves: set before there is one. */
export function beforeAnswer(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('X-Content-Type-Options', 'nosniff');
  if (NEGOTIATED.test(request.url)) reply.header('Vary', 'Accept');
}

/** The last step of an answer before its bytes: a hook of Fastify's `onSend`. */
export function outgoing(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: Error | null, payload?: unknown) => void,
): void {
  coded(request, reply, headless(request, reply, payload), (error, whole) => {
    const body = bodyInPieces(request, reply, whole);
    if (isStream(body)) breakOffWith(body, reply);
    else if ((typeof body === 'string' || body instanceof Uint8Array) && isCutting(request, reply))
      return done(error, lingering(request, reply, body));
    done(error, body);
  });
}
