import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../faults.js';

/** An address asks too often (RFC 6585 4); Retry-After says when it may again. */
export class TooManyRequests extends Fault {
  readonly code = 'too-many-requests';
  readonly status = 429;

  constructor(readonly retryAfterS: number) {
    super(`This address has sent too many requests. Try again in ${retryAfterS} s.`);
  }
}

/** What of the issuer's checks a secret, or keeps something for who asks; what is published may be asked for as often as one likes. */
const LIMITED = /^\/oauth\/(?!jwks\b|\.well-known\/)/;

/**
 * Bounds how often one network address asks the issuer, so that secrets are not guessed by the thousand. @param most  a minute; 0: no bound
 * @param networkOf  of a request
 * @returns a check, which is undefined where there is nothing to check; else it throws TooManyRequests
 */
export function requestRate(
  fastify: FastifyInstance,
  most: number,
  networkOf: (request: FastifyRequest) => string,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> | undefined {
  if (most === 0) return () => undefined;
  void fastify.register(rateLimit, { global: false });
  let limit: ReturnType<FastifyInstance['createRateLimit']> | undefined;
  const check = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    limit ??= fastify.createRateLimit({ max: most, timeWindow: 60_000, keyGenerator: networkOf });
    const found = await limit(request);
    if (found.isAllowed || !found.isExceeded) return;
    void reply.header('Retry-After', found.ttlInSeconds);
    throw new TooManyRequests(found.ttlInSeconds);
  };
  return (request, reply) => (LIMITED.test(request.url) ? check(request, reply) : undefined);
}
