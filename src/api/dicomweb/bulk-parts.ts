import { asFault, type Fault } from '../../faults.js';
import { parseMediaType } from '../media-types.js';
import type { BulkSpool, Spooled } from './bulk-spool.js';
import { jpegSyntaxUID, LONGEST_JPEG_HEADER } from './jpeg-syntax.js';
import { MalformedMultipart, type Part } from './multipart-parts.js';

/** A part of bulk data that has passed. */
export interface BulkPart {
  readonly mediaType: string;
  /** The transfer-syntax parameter of its media type (PS3.18 8.7.3.5.2). */
  readonly transferSyntaxUID: string | undefined;
  /** The transfer syntax that its bytes say, where the media type leaves it open (image/jpeg). */
  readonly ownSyntaxUID?: string | undefined;
  readonly spooled: Spooled;
  /** It is not whole. */
  readonly fault?: Fault;
}

/** The bulk data parts of a request, by where their Content-Location says they are. */
export class BulkParts {
  private readonly parts = new Map<string, BulkPart[]>();
  private readonly used = new Set<string>();
  /** Parts that belong to nothing: without Content-Location, or of an instance that was complete without them. */
  private strays = 0;

  /** @param base  the request's own address, against which references are resolved (RFC 3986 5.1.3) */
  constructor(
    private readonly base: string,
    private readonly spool: BulkSpool,
  ) {}

  /** Takes a part; answers the key it lies at. A part that breaks off is kept as such; whatever else goes wrong comes through. */
  async take({ headers, body }: Part): Promise<string | undefined> {
    const { mediaType, parameters } = parseMediaType(headers['content-type'] ?? 'application/octet-stream');
    const form = { mediaType, transferSyntaxUID: parameters['transfer-syntax'] };
    const part = await this.spool.keep(body).then(
      (spooled): BulkPart => ({ ...form, spooled }),
      (error: unknown): BulkPart => {
        if (!(error instanceof MalformedMultipart)) throw error;
        return { ...form, spooled: { from: 0, length: 0 }, fault: asFault(error) };
      },
    );
    const location = headers['content-location'];
    const key = location === undefined ? undefined : this.keyOf(location);
    if (key === undefined || this.used.has(key)) this.strays += 1;
    else this.put(key, this.at(key).length > 0 ? part : { ...part, ownSyntaxUID: await this.ownSyntax(part) });
    return key;
  }

  at(key: string): readonly BulkPart[] {
    return this.parts.get(key) ?? [];
  }

  /** Takes note that an instance has its parts: no more may come. */
  use(key: string): void {
    this.used.add(key);
  }

  /** How many parts nobody asked for. */
  get unreferenced(): number {
    return [...this.parts].reduce((sum, [key, parts]) => sum + (this.used.has(key) ? 0 : parts.length), this.strays);
  }

  /** What a BulkDataURI or Content-Location is found by. */
  keyOf(uri: string): string {
    return URL.parse(uri, this.base)?.href ?? uri;
  }

  private put(key: string, part: BulkPart): void {
    const parts = this.parts.get(key);
    if (parts === undefined) this.parts.set(key, [part]);
    else parts.push(part);
  }

  /** image/jpeg alone does not tell which of DICOM's JPEG processes it is. */
  private async ownSyntax({ mediaType, transferSyntaxUID, spooled }: BulkPart): Promise<string | undefined> {
    if (mediaType !== 'image/jpeg' || transferSyntaxUID !== undefined) return undefined;
    const pieces: Uint8Array[] = [];
    const length = Math.min(spooled.length, LONGEST_JPEG_HEADER);
    for await (const piece of this.spool.read({ from: spooled.from, length })) pieces.push(piece);
    return jpegSyntaxUID(Buffer.concat(pieces));
  }
}
