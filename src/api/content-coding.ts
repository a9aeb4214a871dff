import type { FastifyReply, FastifyRequest } from 'fastify';
import { pipeline, type Readable } from 'node:stream';
import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  zstdCompress,
  type BrotliOptions,
  type ZlibOptions,
  type ZstdOptions,
} from 'node:zlib';
import { acceptEntries } from './media-types.js';
import { addVary } from './vary.js';

/** Below it the coding costs more than it saves. */
const LEAST_BYTES = 1_024;

// The fast levels: an answer is written once and read once.
const GZIP: ZlibOptions = { level: 2 };
const BROTLI: BrotliOptions = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
};
const ZSTD: ZstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

type Coding = 'zstd' | 'br' | 'gzip';
type Done = (error: Error | null, body?: unknown) => void;
/** In the order this server likes them; each works on the thread pool, not on the server's thread. */
const CODERS = {
  zstd: { whole: (text: Uint8Array, done: Done) => zstdCompress(text, ZSTD, done), stream: () => createZstdCompress(ZSTD) },
  br: { whole: (text: Uint8Array, done: Done) => brotliCompress(text, BROTLI, done), stream: () => createBrotliCompress(BROTLI) },
  gzip: { whole: (text: Uint8Array, done: Done) => gzip(text, GZIP, done), stream: () => createGzip(GZIP) },
} as const;
const CODINGS = Object.keys(CODERS) as Coding[];

/** The coding that an Accept-Encoding header likes best (RFC 9110 12.5.3), the server's order deciding between equals; undefined for none. */
export function contentCoding(header: string | undefined): Coding | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const entries = acceptEntries(header);
  const qualityOf = (coding: string): number | undefined => entries.find(({ mediaType }) => mediaType === coding)?.quality;
  const weighed = CODINGS.map((coding) => ({ coding, quality: qualityOf(coding) ?? qualityOf('*') ?? 0 }));
  const best = weighed.reduce((one, other) => (other.quality > one.quality ? other : one));
  // Uncoded is liked as much as anything that is not named, but here only where it is named as better.
  return best.quality > 0 && best.quality >= (qualityOf('identity') ?? 0) ? best.coding : undefined;
}

/** Text that is worth it: JSON, XML and their kind, also as parts. Pixels and DICOM files are as short as they get, or are asked for by ranges. */
const isText = (contentType: string): boolean =>
  /^(text\/|application\/([\w.-]+\+)?(json|xml)\b)/.test(contentType) ||
  /^multipart\/related;\s*type="?application\/dicom\+xml\b/.test(contentType);

/** Whether the body of an answer is to be coded on its way out, as far as its headers tell; they say that it depends on the request. */
export const isCoded = (request: FastifyRequest, reply: FastifyReply): boolean => codingOf(request, reply) !== undefined;

function codingOf(request: FastifyRequest, reply: FastifyReply): Coding | undefined {
  const contentType = reply.getHeader('content-type');
  if (typeof contentType !== 'string' || !isText(contentType) || reply.getHeader('content-encoding') !== undefined) return undefined;
  addVary(reply, 'Accept-Encoding');
  if ([204, 206, 304].includes(reply.statusCode) || request.method === 'HEAD') return undefined;
  return contentCoding(request.headers['accept-encoding']);
}

/** Codes the body of an answer as the request asks, on its way out. */
export function coded(request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
  const coding = codingOf(request, reply);
  if (coding === undefined) return done(null, payload);
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  if (body instanceof Uint8Array && body.length >= LEAST_BYTES) {
    markCoded(reply, coding);
    return CODERS[coding].whole(body, done);
  }
  if (!isStream(body)) return done(null, payload);
  markCoded(reply, coding);
  // A body that breaks breaks the coded one, and with it the connection: nothing cut short passes for whole.
  done(
    null,
    pipeline(body, CODERS[coding].stream(), () => undefined),
  );
}

export const isStream = (payload: unknown): payload is Readable =>
  typeof payload === 'object' && payload !== null && typeof (payload as Readable).pipe === 'function';

/** Other bytes that mean the same: the entity tag becomes a weak one (RFC 9110 8.8.3.3), and ranges count in uncoded bytes no longer. */
function markCoded(reply: FastifyReply, coding: Coding): void {
  const etag = reply.getHeader('etag');
  if (typeof etag === 'string' && !etag.startsWith('W/')) reply.header('ETag', `W/${etag}`);
  reply.header('Content-Encoding', coding).removeHeader('content-length').removeHeader('accept-ranges');
}
