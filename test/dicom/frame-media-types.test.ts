import { describe, expect, it } from '@jest/globals';
import { frameMediaType, transferSyntaxOf } from '../../src/dicom/frame-media-types.js';

describe('Media types of frames (PS3.18 8.7.3.3.2)', () => {
  it.each([
    ['image/jpeg', '1.2.840.10008.1.2.4.70'],
    ['image/dicom-rle', '1.2.840.10008.1.2.5'],
    ['image/jls', '1.2.840.10008.1.2.4.80'],
    ['image/jp2', '1.2.840.10008.1.2.4.90'],
    ['image/jphc', '1.2.840.10008.1.2.4.201'],
    ['application/octet-stream', '1.2.840.10008.1.2.1'],
    ['video/H265', '1.2.840.10008.1.2.4.107'],
  ])('%s alone means %s, and the other way round', (mediaType, transferSyntaxUID) => {
    expect(transferSyntaxOf(mediaType, undefined)).toBe(transferSyntaxUID);
    expect(frameMediaType(transferSyntaxUID)).toBe(mediaType);
  });

  it('takes a transfer syntax only with a media type that can hold it', () => {
    expect(transferSyntaxOf('image/jpeg', '1.2.840.10008.1.2.4.50')).toBe('1.2.840.10008.1.2.4.50');
    expect(transferSyntaxOf('image/jpeg', '1.2.840.10008.1.2.4.90')).toBeUndefined();
    expect(transferSyntaxOf('text/html', undefined)).toBeUndefined();
  });
});
