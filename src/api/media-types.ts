import { Fault } from '../faults.js';
import { canGive, exactness, named, type MediaRange, type Offer } from './offer.js';

/** No representation that was asked for can be given; the message names what would do. */
export class NotAcceptable extends Fault {
  readonly code = 'not-acceptable';
  readonly status = 406;

  constructor(readonly offered: readonly string[]) {
    super(`None of the media types asked for can be given. These can: ${offered.join('; ')}.`);
  }
}

/** How the API documentation describes the Accept header: everything has a default. */
export const ACCEPT = { name: 'accept', required: false, description: 'Media types with quality values (RFC 9110 12.5.1)' };

/** One entry of an Accept header (RFC 9110 12.5.1). */
export interface AcceptEntry extends MediaRange {
  /** 0 to 1; 0 refuses what the entry covers. */
  readonly quality: number;
}

/** A media type with its parameters, names in lower case, quotes removed. */
export function parseMediaType(text: string): MediaRange {
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

/** An offer that was asked for. */
export interface Choice<Offered extends Offer = Offer> {
  readonly offer: Offered;
  /** `*` for as it is stored, a UID, or undefined where nothing was said: `defaultTransferSyntax` then (PS3.18 8.7.8.2). */
  readonly transferSyntax: string | undefined;
  /** How exactly the offer was named (offer.ts): below 2 a bare range covered it, which leaves the transfer syntax to the server. */
  readonly exact: number;
}

/**
 * Everything that was asked for and is offered, best first: by quality, then by how exactly it was named, then in the client's
 * order, then in the server's, which is that of the offers. What the Accept query parameter asks for comes before what the
 * header does (PS3.18 8.7.8.1; RFC 9110 12.5.1).
 */
export function choices<Offered extends Offer>(accept: string | undefined, offers: readonly Offered[]): Choice<Offered>[] {
  return acceptLists(accept).flatMap((list) => choicesOf(acceptEntries(list), offers));
}

/** The best of `choices`. Throws NotAcceptable, which names the offers. */
export function choose<Offered extends Offer>(accept: string | undefined, offers: readonly Offered[]): Choice<Offered> {
  const [best] = choices(accept, offers);
  if (best === undefined) throw new NotAcceptable(offers.map(named));
  return best;
}

/** The one of plain media types that is accepted best. Throws NotAcceptable. */
export function negotiate<Offered extends string>(accept: string | undefined, offered: readonly Offered[]): Offered {
  const offers = offered.map((mediaType) => ({ mediaType }));
  return choose(accept, offers).offer.mediaType;
}

function choicesOf<Offered extends Offer>(entries: readonly AcceptEntry[], offers: readonly Offered[]): Choice<Offered>[] {
  const found = offers.flatMap((offer) => {
    const naming = entries
      .map((entry, at) => ({ offer, at, quality: entry.quality, exact: exactness(entry, offer), transferSyntax: syntaxOf(entry, offer) }))
      .filter(({ exact, transferSyntax }) => exact >= 0 && canGive(offer, transferSyntax, exact));
    const refused = new Set(naming.filter(({ quality }) => quality === 0).map(({ transferSyntax }) => transferSyntax));
    // The entries that name a type most exactly speak for it, by their quality or their refusal.
    const exactest = Math.max(...naming.map(({ exact }) => exact));
    return naming.filter(({ exact, transferSyntax }) => exact === exactest && !refused.has(transferSyntax));
  });
  return found.sort((a, b) => b.quality - a.quality || b.exact - a.exact || a.at - b.at);
}

const syntaxOf = ({ parameters }: AcceptEntry, offer: Offer): string | undefined =>
  offer.transferSyntaxes === undefined ? undefined : parameters['transfer-syntax'];

const ANYTHING: readonly AcceptEntry[] = [{ mediaType: '*/*', parameters: {}, quality: 1 }];
const parsed = new Map<string, readonly AcceptEntry[]>();
/** Clients send a handful of headers; whoever sends thousands of others only makes the next ones be parsed again. */
const KEPT_HEADERS = 256;
const KEPT_LENGTH = 1_024;
/** As many as headers of 16 KiB can have, which Node takes; the `accept` parameter is no longer. */
const MOST_ENTRIES = 4_096;

/** The entries of an Accept header as they stand in it, refusals (`q=0`) with them; an absent header accepts everything. */
export function acceptEntries(header: string | undefined): readonly AcceptEntry[] {
  if (header === undefined || header.trim() === '') return ANYTHING;
  const known = parsed.get(header);
  if (known) return known;
  const entries = splitOutsideQuotes(header, ',')
    .slice(0, MOST_ENTRIES)
    .map((text) => {
      const entry = parseMediaType(text);
      const quality = Number(entry.parameters['q'] ?? 1);
      return { ...entry, quality: Number.isFinite(quality) ? Math.min(1, Math.max(0, quality)) : 0 };
    })
    .filter(({ mediaType }) => mediaType !== '');
  if (parsed.size >= KEPT_HEADERS) parsed.clear();
  if (header.length <= KEPT_LENGTH) parsed.set(header, entries);
  return entries;
}

/** The Accept query parameter's list, where there is one, then the header's (see accept.ts): each has its own order (PS3.18 8.7.8.1). */
const acceptLists = (accept: string | undefined): (string | undefined)[] => accept?.split('\n') ?? [undefined];

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
