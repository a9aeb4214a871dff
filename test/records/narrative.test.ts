import { describe, expect, it } from '@jest/globals';
import { narrative } from '../../src/records/narrative.js';
import { resourceId } from '../../src/records/resource-id.js';

describe('A narrative', () => {
  it.each(['<img onerror>', '"><script>', "' onload='", '&lt;', 'a & b'])('holds %s as text', (text) => {
    const { div } = narrative(text);
    const inside = /^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml"><p>(.*)<\/p><\/div>$/.exec(div)?.[1] ?? '';
    expect(inside).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
    const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
    expect(inside.replace(/&[^;]+;/g, (entity) => entities[entity])).toBe(text);
  });
});

describe('A resource id', () => {
  it('is the same for the same key, another for another, and an R4 id', () => {
    expect(resourceId('Patient', 'a', 'b')).toBe(resourceId('Patient', 'a', 'b'));
    const ids = [
      resourceId('Patient', 'a', 'b'),
      resourceId('Patient', 'ab'),
      resourceId('Patient', 'a', 'b', ''),
      resourceId('Device', 'a', 'b'),
    ];
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/); // RFC 9562, version 8
  });
});
