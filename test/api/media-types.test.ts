import { describe, expect, it } from '@jest/globals';
import { acceptOf, UnsupportedCharset } from '../../src/api/accept.js';
import { acceptEntries, choices, choose, negotiate, NotAcceptable } from '../../src/api/media-types.js';
import { defaultTransferSyntax, type Offer } from '../../src/api/offer.js';

const EXPLICIT = '1.2.840.10008.1.2.1';
const RLE = '1.2.840.10008.1.2.5';
const J2K = '1.2.840.10008.1.2.4.90';
const PARTS: Offer = { mediaType: 'application/dicom', multipart: true, transferSyntaxes: [EXPLICIT, RLE] };
const SINGLE: Offer = { mediaType: 'application/dicom', transferSyntaxes: [EXPLICIT, RLE] };
const ZIP: Offer = { mediaType: 'application/zip', transferSyntaxes: [EXPLICIT] };
const INSTANCE = [PARTS, SINGLE, ZIP];
const DICOM_PARTS = 'multipart/related; type="application/dicom"';

/** What is chosen of an instance's forms, as `form transfer-syntax`. */
const chosen = (accept: string | undefined): string => {
  const { offer, transferSyntax } = choose(accept, INSTANCE);
  return `${offer === PARTS ? 'parts' : offer === SINGLE ? 'single' : 'zip'} ${transferSyntax ?? 'default'}`;
};

describe('Choosing a representation (PS3.18 8.7.8.1, RFC 9110 12.5.1)', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'parts default'],
    ['', 'parts default'],
    ['*/*', 'parts default'],
    ['application/dicom', 'single default'],
    ['application/*', 'single default'],
    ['multipart/related', 'parts default'],
    ['multipart/*', 'parts default'],
    [DICOM_PARTS, 'parts default'],
    ['multipart/related; type=application/dicom', 'parts default'],
    ['Multipart/Related; TYPE="Application/DICOM"', 'parts default'],
    [`${DICOM_PARTS}; transfer-syntax=*`, 'parts *'],
    [`${DICOM_PARTS}; transfer-syntax="${RLE}"`, `parts ${RLE}`],
    [`application/dicom;transfer-syntax=${RLE}`, `single ${RLE}`],
    ['application/zip', 'zip default'],
    ['application/zip; transfer-syntax=*', 'zip *'],
    [`*/*; transfer-syntax=${RLE}`, `parts ${RLE}`],
  ])('gives what is named: %s', (accept, form) => {
    expect(chosen(accept)).toBe(form);
  });

  it.each<[string, string]>([
    [`application/dicom;q=0.5, ${DICOM_PARTS};q=0.8`, 'parts default'],
    [`application/dicom, ${DICOM_PARTS}`, 'single default'],
    [`${DICOM_PARTS}, application/dicom`, 'parts default'],
    ['application/pdf, application/dicom;q=0.1', 'single default'],
    ['*/*, application/dicom', 'single default'],
    ['application/*;q=0.9, application/zip;q=0.1', 'single default'],
    ['*/*;q=0.9, application/dicom;q=0.1, application/zip;q=0.95', 'zip default'],
    [`application/dicom; transfer-syntax=${J2K}, application/dicom; transfer-syntax=${RLE};q=0.3`, `single ${RLE}`],
    [`${DICOM_PARTS}; transfer-syntax=${J2K}, multipart/related;q=0.5`, 'parts default'],
    [`application/dicom; transfer-syntax=${RLE};q=0.3, application/dicom; transfer-syntax=*;q=0.2`, `single ${RLE}`],
  ])('weighs quality, then how exactly, then the order: %s', (accept, form) => {
    expect(chosen(accept)).toBe(form);
  });

  it.each<[string, string]>([
    [`*/*, ${DICOM_PARTS};q=0`, 'single default'],
    [`*/*, multipart/*;q=0, application/dicom;q=0`, 'zip default'],
    [`application/dicom; transfer-syntax=${RLE};q=0, application/dicom; transfer-syntax=${RLE}, application/zip;q=0.1`, 'zip default'],
    [`application/dicom; transfer-syntax=${RLE};q=0, application/dicom`, 'single default'],
  ])('never gives what q=0 refuses: %s', (accept, form) => {
    expect(chosen(accept)).toBe(form);
  });

  it.each([
    'text/html',
    'image/*',
    'application/dicom;q=0',
    '*/*;q=0',
    'application/dicom;q=x',
    'multipart/related; type="image/jp2"',
    `application/dicom; transfer-syntax=${J2K}`,
    `${DICOM_PARTS}; transfer-syntax=${J2K}`,
  ])('is not acceptable, and what would do is named: %s', (accept) => {
    const refused = () => choose(accept, INSTANCE);
    expect(refused).toThrow(NotAcceptable);
    expect(refused).toThrow(`${DICOM_PARTS}; transfer-syntax=${EXPLICIT}, ${DICOM_PARTS}; transfer-syntax=${RLE}`);
  });

  it('leaves it to each instance where the offer says so: the next choice stands behind the first', () => {
    const any: Offer = { mediaType: 'application/dicom', transferSyntaxes: 'any' };
    const asked = choices(`application/dicom; transfer-syntax=${J2K}, application/dicom; transfer-syntax=*;q=0.1, */*;q=0.01`, [any]);
    expect(asked.map(({ transferSyntax }) => transferSyntax)).toEqual([J2K, '*']);
  });

  it('wants the transfer syntax of the media type where none is named (table 8.7.3-5)', () => {
    expect(defaultTransferSyntax('application/octet-stream')).toBe(EXPLICIT);
    const jp2 = (syntax: string): Offer => ({ mediaType: 'image/jp2', multipart: true, transferSyntaxes: [syntax] });
    expect(choices('multipart/related; type="image/jp2"', [jp2(J2K)])).toHaveLength(1);
    expect(choices('multipart/related; type="image/jp2"', [jp2('1.2.840.10008.1.2.4.91')])).toHaveLength(0);
    expect(choices('multipart/related; type="image/*"; transfer-syntax=*', [jp2('1.2.840.10008.1.2.4.91')])).toHaveLength(1);
  });

  it('writes text in UTF-8 alone (PS3.18 8.8.1)', () => {
    expect(negotiate('application/dicom+json; charset=utf-8', ['application/dicom+json'])).toBe('application/dicom+json');
    expect(() => negotiate('application/dicom+json; charset=iso-8859-1', ['application/dicom+json'])).toThrow(NotAcceptable);
    expect(negotiate('image/png; charset=iso-8859-1', ['image/png'])).toBe('image/png');
  });

  it('knows what browsers and script libraries send', () => {
    const axios = 'application/json, text/plain, */*';
    expect(negotiate(axios, ['application/dicom+json', 'application/json'])).toBe('application/json');
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
    expect(negotiate(browser, ['application/dicom+json', 'application/json'])).toBe('application/dicom+json');
    expect(negotiate('image/avif,image/webp,image/*;q=0.8,*/*;q=0.5', ['image/jpeg', 'image/png'])).toBe('image/jpeg');
  });

  it('answers a header of thousands of entries, and one after a thousand others, as right as the first', () => {
    for (let i = 0; i < 1_000; i++) expect(negotiate(`text/x${i}, image/png`, ['image/png'])).toBe('image/png');
    expect(acceptEntries(Array.from({ length: 10_000 }, () => 'a/b').join()).length).toBeLessThan(5_000);
  });
});

describe('A very long Accept header', () => {
  it('counts to its end', () => {
    const many = Array.from({ length: 500 }, () => 'a/b;q=0.1').join(',');
    expect(choose(`${many},*/*`, [SINGLE]).offer).toBe(SINGLE);
  });
});

describe('The accept and charset query parameters (PS3.18 8.3.3)', () => {
  const accepting = (query: unknown, accept?: string): string | undefined => acceptOf({ query, headers: { accept } });

  it.each<[unknown, string | undefined, string]>([
    [{ accept: 'image/png' }, undefined, 'image/png'],
    [{ accept: 'image/png' }, 'image/jpeg', 'image/png'],
    [{ accept: 'image/png;q=0.1' }, 'image/jpeg', 'image/png'],
    [{ accept: 'image/gif,image/png' }, '*/*', 'image/png'],
    [{ accept: ['image/gif', 'image/png'] }, '*/*', 'image/png'],
    [{ accept: 'image/gif' }, 'image/png', 'image/png'],
    [{ accept: 'image/gif' }, '*/*', 'image/jpeg'],
    [{ accept: '' }, 'image/png', 'image/png'],
    [{ accept: '' }, undefined, 'image/jpeg'],
    [{}, 'image/png', 'image/png'],
  ])('%j with the header %s is answered with %s', (query, header, form) => {
    expect(negotiate(accepting(query, header), ['image/jpeg', 'image/png'])).toBe(form);
  });

  it('take a plus that a form turned into a blank', () => {
    expect(negotiate(accepting({ accept: 'application/dicom json' }), ['application/dicom+json'])).toBe('application/dicom+json');
    expect(choose(accepting({ accept: `application/dicom; transfer-syntax=${RLE}` }), INSTANCE).transferSyntax).toBe(RLE);
  });

  it('are not acceptable where neither they nor the header name what can be had', () => {
    expect(() => negotiate(accepting({ accept: 'image/gif' }), ['image/png'])).toThrow(NotAcceptable);
    expect(() => negotiate(accepting({ accept: 'image/gif' }, 'text/html'), ['image/png'])).toThrow(NotAcceptable);
  });

  it('name utf-8, or the request is bad', () => {
    for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'iso-8859-1,utf-8;q=0.5', ['iso-8859-1', 'utf8']])
      expect(accepting({ charset }, 'image/png')).toBe('image/png');
    for (const charset of ['iso-8859-1', '', 'utf-16', 'utf-80']) expect(() => accepting({ charset })).toThrow(UnsupportedCharset);
  });
});
