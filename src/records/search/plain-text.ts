import { createHash } from 'node:crypto';

/** Text as it is compared by default: no case, no accents, one blank for any white space (R4 search.html#string). */
export const plainText = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

/** Bytes: three of them and two numbers are a third of a page of Postgres's at most, which is what an index row may be. */
const MOST_INDEXED = 400;
const KEPT = 80;

/** A code, or an address, as an index row can hold it: a long one by what it begins with and the hash of the whole. */
export const keyText = (text: string): string =>
  text.length <= MOST_INDEXED / 4 || Buffer.byteLength(text) <= MOST_INDEXED
    ? text
    : `${text.slice(0, KEPT)}#${createHash('sha256').update(text).digest('hex')}`;
