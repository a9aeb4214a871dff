import type { BulkForm } from '../../archive/bulk-data.js';
import { FRAME_MEDIA_TYPES, type FrameMediaType } from '../../dicom/frame-media-types.js';
import { EXPLICIT_VR_LITTLE_ENDIAN, RLE_LOSSLESS, transferSyntax } from '../../dicom/transfer-syntaxes.js';
import { canEncode } from '../../pixels/encode-frame.js';
import type { Choice } from '../media-types.js';
import type { Offer } from '../offer.js';

export const OCTETS = 'application/octet-stream';
/** Its name before it was registered: clients still ask by it. */
const RLE_OF_OLD: Offer = { mediaType: 'image/x-dicom-rle', multipart: true, transferSyntaxes: [RLE_LOSSLESS] };

const alone = (types: readonly FrameMediaType[]): Offer[] =>
  types.map(({ mediaType, transferSyntaxUIDs }) => ({
    mediaType: mediaType.toLowerCase(), // as what is asked for is compared
    // Octets are native samples, or whatever is stored for transfer-syntax=* (PS3.18 8.7.3.3.2).
    transferSyntaxes: mediaType === OCTETS ? 'any' : transferSyntaxUIDs,
  }));
const inParts = (offers: readonly Offer[]): Offer[] => offers.map((offer) => ({ ...offer, multipart: true }));

const VIDEO = alone(FRAME_MEDIA_TYPES.filter(({ video }) => video));
/** Media types as the API documentation names them. */
export const typesOf = (offers: readonly Offer[]): string[] =>
  offers.map(({ mediaType, multipart }) => (multipart ? `multipart/related; type="${mediaType}"` : mediaType));

/** One frame by itself. */
export const FRAME_ALONE: readonly Offer[] = alone(FRAME_MEDIA_TYPES.filter(({ video }) => !video));
/** A part a frame. */
export const FRAMES_IN_PARTS: readonly Offer[] = [...inParts(FRAME_ALONE), RLE_OF_OLD];
/** Pixel data in parts: native samples as one, else a part a frame; a video as one. */
export const PIXELS_IN_PARTS: readonly Offer[] = [...FRAMES_IN_PARTS, ...inParts(VIDEO)];
/** Pixel data in one piece. */
export const PIXELS_ALONE: readonly Offer[] = [...FRAME_ALONE, ...VIDEO];

/**
 * The transfer syntax that a choice means for pixels that lie in one (PS3.18 Table 8.7.3-5); undefined where they cannot have
 * that media type. A bare range leaves it to the server: as they lie, where the media type is theirs. Video is given as it is.
 */
export function syntaxFor({ offer, transferSyntax: asked, exact }: Choice, lyingAs: string): string | undefined {
  const isVideo = isOfVideo(lyingAs);
  if (offer.mediaType === OCTETS) {
    if (asked === '*' || asked === lyingAs) return lyingAs;
    if (isVideo) return asked === undefined ? lyingAs : undefined;
    return asked === undefined || asked === EXPLICIT_VR_LITTLE_ENDIAN ? EXPLICIT_VR_LITTLE_ENDIAN : undefined;
  }
  const its = offer.transferSyntaxes === 'any' ? [] : (offer.transferSyntaxes ?? []);
  const isTheirs = its.includes(lyingAs);
  if (asked === '*') return isTheirs ? lyingAs : undefined;
  const wanted = asked ?? (isTheirs && exact < 2 ? lyingAs : its[0]);
  return wanted !== lyingAs && (isVideo || !canEncode(wanted)) ? undefined : wanted; // no codec here makes it
}

const isOfVideo = (uid: string): boolean => transferSyntax(uid)?.video === true;

/** The forms that choices mean for a bulk value, best first. @param lyingAs  transfer syntax of pixel data; undefined of what is none */
export function bulkForms(asked: readonly Choice[], lyingAs: string | undefined): BulkForm[] {
  const octets = asked.filter(({ offer }) => offer.mediaType === OCTETS);
  const formOf = ({ offer: { mediaType, multipart } }: Choice, transferSyntaxUID: string | undefined): BulkForm => ({
    mediaType,
    transferSyntaxUID,
    alone: multipart !== true,
  });
  if (lyingAs === undefined) return octets.map((choice) => formOf(choice, undefined));
  const meant = asked.flatMap((choice) => {
    const syntax = syntaxFor(choice, lyingAs);
    return syntax === undefined ? [] : [formOf(choice, syntax)];
  });
  // What can be nothing else is octets as stored, where a bare range leaves the transfer syntax open.
  const open = octets.filter(({ transferSyntax, exact }) => transferSyntax === undefined && exact < 2);
  return [...meant, ...open.map((choice) => formOf(choice, lyingAs))];
}
