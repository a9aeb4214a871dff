import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { contentVersion } from '../../archive/content-version.js';
import type { Retrieve, Seen } from '../../archive/retrieve.js';
import { callerOf } from '../called-by.js';
import { beginOnRecord, decide, isHad, type Tagged } from '../conditional.js';
import { strongTag } from '../entity-tag.js';

type Content = Parameters<typeof contentVersion>[0];

/**
 * The validator of parts that are made: of what, in its order, and all that tells how. No Last-Modified: an instance that is
 * gone from among them changes no date.
 * @param base  address of the service, which their Content-Locations have
 * @param forms  the media types that are accepted, or the one chosen
 */
export function partsVersion(request: FastifyRequest, base: string, forms: unknown, from: readonly Content[]): Tagged {
  const hash = createHash('sha256').update(JSON.stringify([base, request.url, forms]));
  for (const one of from) hash.update(` ${contentVersion(one)}`);
  return { etag: strongTag(hash.digest('hex').slice(0, 32)) };
}

/** Where the caller has these very parts: says so, on record, before any is made. */
export async function saidHad(
  retrieve: Retrieve,
  seen: Seen,
  about: Tagged,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  if (!isHad(request, about)) return false;
  await beginOnRecord(reply, decide(request, about), () => retrieve.looked(callerOf(request), seen));
  return true;
}
