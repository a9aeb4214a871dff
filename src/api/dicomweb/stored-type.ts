import { frameMediaType } from '../../dicom/frame-media-types.js';
import { choices } from '../media-types.js';
import type { Offer } from '../offer.js';

const OCTETS: Offer = { mediaType: 'application/octet-stream', multipart: true, transferSyntaxes: 'any' };

/** The media type in which an Accept header takes stored pixel data, their own before octets; undefined where it takes neither. */
export function storedType(accept: string | undefined, transferSyntaxUID: string): string | undefined {
  const own: Offer = { mediaType: frameMediaType(transferSyntaxUID), multipart: true, transferSyntaxes: [transferSyntaxUID] };
  const found = choices(accept, own.mediaType === OCTETS.mediaType ? [OCTETS] : [own, OCTETS]).find(
    // Octets of no named transfer syntax are native samples (PS3.18 8.7.3.3.2); a bare range leaves it open.
    ({ offer, transferSyntax, exact }) => offer === own || exact < 2 || transferSyntax === '*' || transferSyntax === transferSyntaxUID,
  );
  return found?.offer.mediaType;
}
