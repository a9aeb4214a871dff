import type { FastifyReply, FastifyRequest } from 'fastify';
import { FrameworkFault } from '../faults.js';

/** Where bodies are small and nothing is inflated; STOW-RS and changes of attributes inflate within bounds, and FHIR has words of its own. */
const UNCODED = /^\/(graphql|oauth|access|evidence|dicom-web\/workitems)\b/;

/** Refuses a compressed body where none is taken, and says so (RFC 9110 15.5.16). Throws FrameworkFault 415. */
export function requireUncoded({ url, headers }: FastifyRequest, reply: FastifyReply): void {
  const { 'content-encoding': coding = 'identity' } = headers;
  if (coding === 'identity' || !UNCODED.test(url)) return;
  void reply.header('Accept-Encoding', 'identity');
  throw new FrameworkFault(415, 'unsupported-media-type', 'A body is taken here without a Content-Encoding.');
}
