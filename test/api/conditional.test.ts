import { describe, expect, it } from '@jest/globals';
import { byteRange } from '../../src/api/byte-range.js';
import { decide } from '../../src/api/conditional.js';
import { strongTag, weakTag } from '../../src/api/entity-tag.js';

const ETAG = strongTag('abc');
const NOW = { etag: ETAG, lastModified: new Date('2026-11-24T10:00:00.700Z'), length: 1_000 };
const MODIFIED = 'Tue, 24 Nov 2026 10:00:00 GMT';
const BEFORE = 'Tue, 24 Nov 2026 09:59:59 GMT';
const AFTER = 'Tue, 24 Nov 2026 10:00:01 GMT';
type Headers = Record<string, string>;
const statusOf = (headers: Headers, method = 'GET', now: Parameters<typeof decide>[1] = NOW) => decide({ method, headers }, now).status;

describe('Conditional requests (RFC 9110 13)', () => {
  it.each<[Headers, number]>([
    [{}, 200],
    [{ 'if-none-match': '"abc"' }, 304],
    [{ 'if-none-match': 'W/"abc"' }, 304],
    [{ 'if-none-match': '"x", W/"y","abc"' }, 304],
    [{ 'if-none-match': '"a,b", "abc"' }, 304],
    [{ 'if-none-match': 'abc' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"ab"' }, 200],
    [{ 'if-none-match': '"abc ' }, 304],
    [{ 'if-none-match': '' }, 200],
    [{ 'if-modified-since': MODIFIED }, 304],
    [{ 'if-modified-since': AFTER }, 304],
    [{ 'if-modified-since': BEFORE }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ 'if-none-match': '"x"', 'if-modified-since': AFTER }, 200],
    [{ 'if-match': '"abc"' }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': '"x", "abc"' }, 200],
    [{ 'if-match': 'W/"abc"' }, 412],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-unmodified-since': MODIFIED }, 200],
    [{ 'if-unmodified-since': BEFORE }, 412],
    [{ 'if-match': '"abc"', 'if-unmodified-since': BEFORE }, 200],
    [{ 'if-match': '"abc"', 'if-none-match': '"abc"' }, 304],
    [{ 'if-none-match': '"abc"', range: 'bytes=0-1' }, 304],
  ])('%j is answered %d', (headers, status) => {
    expect(statusOf(headers)).toBe(status);
    expect(statusOf(headers, 'HEAD')).toBe(status);
  });

  it('fails a change where it asks that nothing be there', () => {
    expect(statusOf({ 'if-none-match': '*' }, 'PUT')).toBe(412);
    expect(statusOf({ 'if-modified-since': AFTER }, 'PUT')).toBe(200);
  });

  it('says which version it is with every answer', () => {
    for (const headers of [{}, { 'if-none-match': ETAG }, { range: 'bytes=0-9' }] as Headers[])
      expect(decide({ method: 'GET', headers }, NOW).headers).toMatchObject({ etag: ETAG, 'last-modified': MODIFIED });
  });

  it('never calls something unchanged that has no version', () => {
    for (const headers of [{ 'if-none-match': '"abc"' }, { 'if-modified-since': AFTER }] as Headers[])
      expect(statusOf(headers, 'GET', {})).toBe(200);
    expect(statusOf({ 'if-match': '"abc"' }, 'GET', {})).toBe(412);
  });
});

describe('Ranges (RFC 9110 14)', () => {
  it.each<[string, [number, number] | 'unsatisfiable' | undefined]>([
    ['bytes=0-499', [0, 499]],
    ['bytes=500-999', [500, 999]],
    ['bytes=500-5000', [500, 999]],
    ['bytes=990-', [990, 999]],
    ['bytes=-10', [990, 999]],
    ['bytes=-5000', [0, 999]],
    ['Bytes=0-0', [0, 0]],
    ['bytes=999-999', [999, 999]],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=5000-6000', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=99999999999999999999-', 'unsatisfiable'],
    ['bytes=0-1,3-4', undefined],
    ['bytes=9-1', undefined],
    ['bytes=-', undefined],
    ['bytes=a-b', undefined],
    ['items=0-1', undefined],
    ['bytes', undefined],
  ])('%s of 1000 bytes', (header, range) => {
    expect(byteRange(header, 1_000)).toEqual(Array.isArray(range) ? { start: range[0], end: range[1] } : range);
  });

  it('are parts with their place and length', () => {
    expect(decide({ method: 'GET', headers: { range: 'bytes=100-199' } }, NOW)).toMatchObject({
      status: 206,
      start: 100,
      end: 199,
      headers: { 'content-range': 'bytes 100-199/1000', 'content-length': '100', 'accept-ranges': 'bytes' },
    });
  });

  it('that begin behind the end are told the length', () => {
    const { status, headers } = decide({ method: 'GET', headers: { range: 'bytes=1000-' } }, NOW);
    expect([status, headers['content-range'], headers['content-length']]).toEqual([416, 'bytes */1000', undefined]);
    expect(statusOf({ range: 'bytes=0-' }, 'GET', { length: 0 })).toBe(416);
  });

  it('are whole where none is asked for, or several, or HEAD asks', () => {
    for (const [method, range] of [
      ['GET', 'bytes=0-1,5-6'],
      ['HEAD', 'bytes=0-1'],
      ['GET', ''],
    ] as const)
      expect(decide({ method, headers: { range } }, NOW)).toMatchObject({
        status: 200,
        start: 0,
        end: 999,
        headers: { 'content-length': '1000' },
      });
    expect(decide({ method: 'GET', headers: {} }, { length: 0 })).toMatchObject({ status: 200, headers: { 'content-length': '0' } });
  });

  it('are not spoken of where the length is not known', () => {
    const { status, headers } = decide({ method: 'GET', headers: { range: 'bytes=0-1' } }, { etag: ETAG });
    expect([status, headers]).toEqual([200, { etag: ETAG }]);
  });

  it.each<[string, number]>([
    [ETAG, 206],
    [MODIFIED, 206],
    [weakTag('abc'), 200],
    ['"x"', 200],
    [BEFORE, 200],
    [AFTER, 200],
    ['nonsense', 200],
  ])('count only for what If-Range names: %s', (ifRange, status) => {
    expect(statusOf({ range: 'bytes=0-9', 'if-range': ifRange })).toBe(status);
  });

  it('never count by a weak tag', () => {
    const weak = { ...NOW, etag: weakTag('abc') };
    expect(statusOf({ range: 'bytes=0-9', 'if-range': 'W/"abc"' }, 'GET', weak)).toBe(200);
  });
});
