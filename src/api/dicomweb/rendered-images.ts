import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RenderedAnswer } from '../../archive/render.js';
import type { ImageRow } from '../../archive/render.sql.js';
import { MOST_NAMED, type Retrieve } from '../../archive/retrieve.js';
import { Fault } from '../../faults.js';
import type { ImageFormat } from '../../pixels/pixel-job.js';
import { callerOf } from '../called-by.js';
import { decide } from '../conditional.js';
import { strongTag } from '../entity-tag.js';
import type { Offer } from '../offer.js';
import { boundaryOf, multipartBody, type OutgoingPart } from './multipart-body.js';
import { partsVersion, saidHad } from './parts-version.js';
import { sendBytes } from './send-bytes.js';
import { sendPieces } from './send-pieces.js';
import { warning } from './warning.js';
import { isReceiverGone } from '../receiver.js';

/** What images are rendered as (PS3.18 8.7.4), the first unless another is asked for. */
export const RENDERED_FORMATS: readonly (readonly [mediaType: string, format: ImageFormat])[] = [
  ['image/jpeg', 'jpeg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/jp2', 'jp2'],
];

export interface RenderedOffer extends Offer {
  readonly format: ImageFormat;
}

export const ONE_IMAGE: readonly RenderedOffer[] = RENDERED_FORMATS.map(([mediaType, format]) => ({ mediaType, format }));
export const IMAGES_IN_PARTS: readonly RenderedOffer[] = ONE_IMAGE.map((offer) => ({ ...offer, multipart: true }));

/** An image to be made when its turn comes. */
export interface ImageToMake {
  /** address of what it is an image of, below the service's own */
  readonly location: string;
  readonly make: () => Promise<RenderedAnswer>;
}

/** Images to be made, of a content that a validator can tell. */
export interface ImagesToMake<T> {
  readonly shown: Iterable<T>;
  /** all instances that they are made of */
  readonly from: readonly ImageRow[];
  readonly toMake: (one: T) => ImageToMake;
}

/** A part, and the Warning among its headers. */
interface ImagePart extends OutgoingPart {
  readonly warned: string | undefined;
}

const seen = ([first, ...others]: readonly ImageRow[]) => ({
  studyRow: first.studyRow,
  whose: first.whose,
  what: 'pixels' as const,
  instances: [first, ...others].slice(0, MOST_NAMED).map(({ id }) => id),
});

/** The Warning of an image that lacks something its presentation state asks for; none where it has all. */
export const undrawnWarning = (base: string, { undrawn }: Pick<RenderedAnswer, 'undrawn'>): string | undefined =>
  undrawn.length === 0 ? undefined : warning(base, `Not drawn as the presentation state has it: ${undrawn.join('; ')}.`);

/** Sends one image, which may be asked for with If-None-Match and by ranges. */
export async function sendImage(
  retrieve: Retrieve,
  image: ImageRow,
  { body, mediaType, version }: RenderedAnswer,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const bytes = retrieve.bytes(callerOf(request), seen([image]), [body]);
  await sendBytes(request, reply, mediaType, bytes, { etag: strongTag(version), lastModified: image.changedAt });
}

/**
 * Sends images as parts, each made when its turn comes; the first is made before anything is sent, so that what cannot be
 * shown at all gets its status. Of several instances those that cannot be shown are left out. A part that lacks something of
 * its presentation state has a Warning; the answer has the first part's.
 */
export async function sendImages<T>(
  retrieve: Retrieve,
  mediaType: string,
  { shown, from, toMake }: ImagesToMake<T>,
  request: FastifyRequest,
  reply: FastifyReply,
  base: string,
): Promise<void> {
  const about = partsVersion(request, base, mediaType, from);
  if (await saidHad(retrieve, seen(from), about, request, reply)) return;
  const parts = shownParts(shown, toMake, base, () => !isReceiverGone(reply.raw));
  const first = await parts.next();
  if (!first.done && first.value.warned !== undefined) reply.header('Warning', first.value.warned);
  async function* all(): AsyncGenerator<OutgoingPart> {
    if (!first.done) yield first.value;
    yield* parts;
  }
  const { pieces, contentType } = multipartBody(mediaType, all(), boundaryOf(about.etag));
  const looked = () => retrieve.looked(callerOf(request), seen(from)); // one request, one access, whatever the number of its parts
  await sendPieces(reply.type(contentType), decide(request, about), looked, pieces);
}

async function* shownParts<T>(
  all: Iterable<T>,
  toMake: (one: T) => ImageToMake,
  base: string,
  isWanted: () => boolean,
): AsyncGenerator<ImagePart, undefined> {
  let shown = 0;
  let refusal: unknown;
  for (const one of all) {
    if (!isWanted()) return;
    const { location, make } = toMake(one);
    try {
      const answer = await make();
      const { body, mediaType } = answer;
      const warned = undrawnWarning(base, answer);
      const headers = [
        `Content-Type: ${mediaType}`,
        `Content-Location: ${location}`,
        ...(warned === undefined ? [] : [`Warning: ${warned}`]),
      ];
      yield { headers, body: () => [body], warned };
      shown++;
    } catch (error) {
      if (!(error instanceof Fault) || (error.status !== 406 && error.status !== 422)) throw error;
      refusal = error;
    }
  }
  if (shown === 0 && refusal !== undefined) throw refusal;
}
