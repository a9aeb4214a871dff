import { describe, expect, it } from '@jest/globals';
import { contentCoding } from '../../src/api/content-coding.js';

describe('Accept-Encoding (RFC 9110 12.5.3)', () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['gzip;q=0.1, identity;q=0.5', undefined],
    ['gzip, identity', 'gzip'],
    ['gzip;q=0', undefined],
    ['*', 'zstd'],
    ['*;q=0', undefined],
    ['zstd;q=0, *', 'br'],
    ['deflate, compress', undefined],
    ['identity', undefined],
    ['nonsense;;;q=,', undefined],
  ])('%s is answered with %s', (header, coding) => {
    expect(contentCoding(header)).toBe(coding);
  });
});
