import { transferSyntaxOf } from '../dicom/frame-media-types.js';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../dicom/transfer-syntaxes.js';

/** What `transfer-syntax` means where it is not said: Explicit VR Little Endian, or the one that belongs to the image or video type (PS3.18 8.7.3). */
export const defaultTransferSyntax = (mediaType: string): string => transferSyntaxOf(mediaType, undefined) ?? EXPLICIT_VR_LITTLE_ENDIAN;

/** A media type or a range of them, with parameters (RFC 9110 8.3.1, 12.5.1). */
export interface MediaRange {
  /** Lower case, such as `multipart/related`. */
  readonly mediaType: string;
  /** Names in lower case, values without quotes. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A form that a resource can be given in. */
export interface Offer {
  /** Of the single part, or of each part. */
  readonly mediaType: string;
  /** In `multipart/related` parts of the media type; a single part otherwise. */
  readonly multipart?: true;
  /**
   * Transfer syntaxes it can be given in; `any` where each instance decides for itself, so that the caller of `choices`
   * takes the first that does. Absent for what has no transfer syntax: the parameter is passed over then.
   */
  readonly transferSyntaxes?: 'any' | readonly string[];
  /** Of a container such as a ZIP file: the media type of what is in it. */
  readonly holds?: string;
}

/** An offer as a client would ask for it. */
export function named({ mediaType, multipart, transferSyntaxes }: Offer): string {
  const type = multipart ? `multipart/related; type="${mediaType}"` : mediaType;
  if (transferSyntaxes === undefined) return type;
  const syntaxes = transferSyntaxes === 'any' ? ['*'] : transferSyntaxes;
  return syntaxes.map((one) => `${type}; transfer-syntax=${one}`).join(', ');
}

/** How exactly a range names an offer: -1 not at all, 0 as anything, 1 by `type/*`, 2 by `multipart/related` of a range or nothing, 3 by name. */
export function exactness(asked: MediaRange, { mediaType, multipart, holds }: Offer): -1 | 0 | 1 | 2 | 3 {
  if (asked.mediaType === '*/*') return 0;
  const { type, charset } = asked.parameters;
  // What is text here is UTF-8 (PS3.18 8.8.1).
  if (charset !== undefined && /json|xml|^text\//.test(mediaType) && !/^utf-?8$/i.test(charset)) return -1;
  if (holds !== undefined && type !== undefined && type.trim().toLowerCase() !== holds) return -1;
  if (!multipart) return asked.mediaType === mediaType ? 3 : asked.mediaType === rangeOf(mediaType) ? 1 : -1;
  if (asked.mediaType === 'multipart/*') return 1;
  if (asked.mediaType !== 'multipart/related') return -1;
  const inner = type?.trim().toLowerCase() ?? '*/*';
  return inner === mediaType ? 3 : inner === '*/*' || inner === rangeOf(mediaType) ? 2 : -1;
}

/** Whether an offer can be given as asked. A bare range leaves it to the server; a name without the parameter means the default (PS3.18 8.7.8.2). */
export function canGive({ mediaType, transferSyntaxes }: Offer, asked: string | undefined, exact: number): boolean {
  if (transferSyntaxes === undefined || transferSyntaxes === 'any' || asked === '*') return true;
  if (asked === undefined && exact < 2) return true;
  return transferSyntaxes.includes(asked ?? defaultTransferSyntax(mediaType));
}

const rangeOf = (mediaType: string): string => `${mediaType.slice(0, mediaType.indexOf('/'))}/*`;
