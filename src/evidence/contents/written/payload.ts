import { canonicalText } from '../../../signing/canonical.js';
import type { PayloadFile } from '../../package/evidence-package.js';

/** Media types of what a study's package holds. */
export const MEDIA = {
  csv: 'text/csv; charset=utf-8; header=present',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  jsonLines: 'application/x-ndjson',
  markdown: 'text/markdown; charset=utf-8',
  pdf: 'application/pdf',
  parquet: 'application/vnd.apache.parquet',
  svg: 'image/svg+xml',
  text: 'text/plain; charset=utf-8',
  fhir: 'application/fhir+json; fhirVersion=4.0',
  cycloneDx: 'application/vnd.cyclonedx+json; version=1.6',
} as const;

type Media = keyof typeof MEDIA;

/** How many characters are given at once: a file of many rows is never whole in memory. */
const PIECE = 65_536;

/** A file whose text is made as it is read. @param parts  called at each reading: the same parts each time */
export const streamed = (path: string, media: Media, description: string, parts: () => Iterable<string>): PayloadFile => ({
  path,
  encodingFormat: MEDIA[media],
  description,
  open: () => gathered(parts()),
});

/** A file of one text. */
export const ofText = (path: string, media: Media, description: string, text: () => string): PayloadFile =>
  streamed(path, media, description, () => [text()]);

/** A JSON file that people read: two blanks, a line's end. */
export const ofJson = (path: string, description: string, value: () => unknown, media: Media = 'json'): PayloadFile =>
  ofText(path, media, description, () => `${JSON.stringify(value(), null, 2)}\n`);

/** A JSON file whose own SHA-256 is the one that was signed or recorded: canonical text (RFC 8785), and not a byte after it. */
export const ofCanonical = (path: string, description: string, value: object): PayloadFile =>
  ofText(path, 'json', description, () => canonicalText(value));

function* gathered(parts: Iterable<string>): Generator<Uint8Array, void> {
  let held: string[] = [];
  let length = 0;
  for (const part of parts) {
    held.push(part);
    length += part.length;
    if (length < PIECE) continue;
    yield Buffer.from(held.join('').toWellFormed());
    held = [];
    length = 0;
  }
  if (held.length > 0) yield Buffer.from(held.join('').toWellFormed());
}
