import type { FastifyRequest } from 'fastify';
import { parseMediaType } from '../media-types.js';
import { DICOM_JSON, DICOM_XML } from './dataset-body.js';
import { MalformedMultipart } from './multipart-parts.js';
import { decoderOf, RequestBytes } from './request-bytes.js';
import { NotDicomBody, StoreRequestTooLarge } from './store-faults.js';

export const DICOM = 'application/dicom';
export type StoreType = typeof DICOM | typeof DICOM_JSON | typeof DICOM_XML;
const TYPES: readonly StoreType[] = [DICOM, DICOM_JSON, DICOM_XML];

/** A store request as far as its header fields say it: all that can be refused before the body is sent. */
export interface StoreRequest {
  /** What its instances, or their metadata, come as (PS3.18 10.5.1.4). */
  readonly type: StoreType;
  /** Of a multipart body; none where the body is one part. */
  readonly boundary: string | undefined;
  readonly bytes: RequestBytes;
}

/**
 * Reads the header fields of a store request.
 * @throws NotDicomBody, EncodedBody  415
 * @throws StoreRequestTooLarge  413, by its Content-Length
 * @throws MalformedMultipart  400, no boundary
 */
export function storeRequest(request: FastifyRequest, limitMib: number): StoreRequest {
  const { headers, raw } = request;
  const decoder = decoderOf(headers['content-encoding']);
  const form = formOf(headers['content-type'] ?? '');
  if (Number(headers['content-length'] ?? 0) > limitMib * 2 ** 20) throw new StoreRequestTooLarge(limitMib);
  return { ...form, bytes: new RequestBytes(raw, decoder, limitMib) };
}

function formOf(contentType: string): Pick<StoreRequest, 'type' | 'boundary'> {
  const { mediaType, parameters } = parseMediaType(contentType);
  const single = TYPES.find((one) => one === mediaType);
  if (single !== undefined) return { type: single, boundary: undefined };
  const named = (parameters['type'] ?? DICOM).toLowerCase(); // RFC 2387 asks for it; some senders leave it out
  const type = TYPES.find((one) => one === parseMediaType(named).mediaType);
  if (mediaType !== 'multipart/related' || type === undefined) throw new NotDicomBody();
  const { boundary } = parameters;
  if (!boundary || boundary.length > 70) throw new MalformedMultipart('the boundary is missing or longer than 70 characters', 0);
  return { type, boundary };
}
