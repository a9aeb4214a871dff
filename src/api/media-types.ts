import { Fault } from '../faults.js';

/** No representation that was asked for can be given; the message names what would do. */
export class NotAcceptable extends Fault {
  readonly code = 'not-acceptable';
  readonly status = 406;

  constructor(offered: readonly string[]) {
    super(`None of the media types asked for can be given. These can: ${offered.join('; ')}.`);
  }
}

/** How the API documentation describes the Accept header: everything has a default. */
export const ACCEPT = { name: 'accept', required: false, description: 'Media types with quality values (RFC 9110 12.5.1)' };

/** One entry of an Accept header (RFC 9110 12.5.1). */
export interface AcceptEntry {
  /** Lower case, such as `multipart/related`. */
  readonly mediaType: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly quality: number;
}

/** A media type with its parameters, names in lower case, quotes removed. */
export function parseMediaType(text: string): Omit<AcceptEntry, 'quality'> {
  const [type, ...rest] = splitOutsideQuotes(text, ';');
  const parameters: Record<string, string> = {};
  for (const one of rest) {
    const equals = one.indexOf('=');
    if (equals < 0) continue;
    parameters[one.slice(0, equals).trim().toLowerCase()] = one
      .slice(equals + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1');
  }
  return { mediaType: type.trim().toLowerCase(), parameters };
}

/** The entries of an Accept header, best first; an absent header accepts everything. */
export function parseAccept(header: string | undefined): AcceptEntry[] {
  if (header === undefined || header.trim() === '') return [{ mediaType: '*/*', parameters: {}, quality: 1 }];
  return splitOutsideQuotes(header, ',')
    .map((text) => {
      const entry = parseMediaType(text);
      const quality = Number(entry.parameters['q'] ?? 1);
      return { ...entry, quality: Number.isFinite(quality) ? quality : 0 };
    })
    .filter(({ mediaType, quality }) => mediaType !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality);
}

/** True when an entry covers a plain media type, by name or by range. */
export function covers(entry: AcceptEntry, mediaType: string): boolean {
  const [type] = mediaType.split('/');
  return entry.mediaType === mediaType || entry.mediaType === '*/*' || entry.mediaType === `${type}/*`;
}

/** The first of the offered media types that the header accepts best. Throws NotAcceptable. */
export function negotiate<Offered extends string>(header: string | undefined, offered: readonly Offered[]): Offered {
  for (const entry of parseAccept(header)) {
    const found = offered.find((one) => covers(entry, one));
    if (found !== undefined) return found;
  }
  throw new NotAcceptable(offered);
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    else if (text[i] === separator && !quoted) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
