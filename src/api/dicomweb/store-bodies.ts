import type { IncomingInstance } from '../../archive/ingest.js';
import type { Fault } from '../../faults.js';
import { parseMediaType } from '../media-types.js';
import type { BulkSpool } from './bulk-spool.js';
import { MetadataInstances } from './metadata-instances.js';
import type { Part } from './multipart-parts.js';
import { MalformedMultipart, multipartParts } from './multipart-parts.js';
import type { RequestBytes } from './request-bytes.js';
import { ForeignPart } from './store-faults.js';
import { DICOM, type StoreRequest } from './store-request.js';

/**
 * The instances of a store request as DICOM files, one after the other as the request's bytes pass.
 * @param address  of the request: what relative references in it are resolved against
 */
export async function* storeBodies(
  { type, boundary, bytes }: StoreRequest,
  address: string,
  spool: BulkSpool,
): AsyncGenerator<IncomingInstance> {
  const parts = boundary === undefined ? onlyPart(bytes, type) : untilBroken(bounded(multipartParts(bytes, boundary), bytes));
  if (type !== DICOM) return yield* new MetadataInstances(type, address, spool).of(parts);
  for await (const { headers, body } of parts) {
    const { mediaType } = parseMediaType(headers['content-type'] ?? DICOM); // some senders leave it out
    yield mediaType === DICOM ? body : failing(new ForeignPart());
  }
}

async function* onlyPart(body: RequestBytes, type: string): AsyncGenerator<Part> {
  yield { headers: { 'content-type': type }, body };
  body.requireBounded();
}

/** A part that went over the limit has failed; so has the request. */
async function* bounded(parts: AsyncIterable<Part>, bytes: RequestBytes): AsyncGenerator<Part> {
  for await (const part of parts) {
    yield part;
    bytes.requireBounded();
  }
}

/**
 * Where the multipart body is malformed after a part, the fault comes as one more part that fails: those before it are
 * stored, and the answer must list them (PS3.18 10.5.3). Before any part, it is thrown.
 */
async function* untilBroken(parts: AsyncIterable<Part>): AsyncGenerator<Part> {
  let isFirst = true;
  try {
    for await (const part of parts) {
      isFirst = false;
      yield part;
    }
  } catch (error) {
    if (isFirst || !(error instanceof MalformedMultipart)) throw error;
    yield { headers: {}, body: failing(error) };
  }
}

// oxlint-disable-next-line require-yield -- it has no bytes, only the reason why
async function* failing(fault: Fault): AsyncGenerator<never> {
  throw fault;
}
