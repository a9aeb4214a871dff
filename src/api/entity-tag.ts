/** `"hash"` of a representation that is the same byte for byte whenever the tag is (RFC 9110 8.8.3); of hex digits, letters, dots and hyphens. */
export const strongTag = (text: string): string => `"${text}"`;

/** `W/"version"` of representations that mean the same. */
export const weakTag = (text: string): string => `W/"${text}"`;

/** True when both are strong and the same (RFC 9110 8.8.3.2). */
export const sameBytes = (one: string, other: string): boolean => one === other && !one.startsWith('W/');

/** True when the tags are the same, weak or strong (RFC 9110 8.8.3.2). */
export const sameMeaning = (one: string, other: string): boolean => one.replace(/^W\//, '') === other.replace(/^W\//, '');

/** The entity tags of an If-Match or If-None-Match header, or `*` (RFC 9110 13.1.1). What is no tag is passed over; a bare word counts as its tag. */
export function entityTags(header: string): '*' | readonly string[] {
  if (header.trim() === '*') return '*';
  return (header.match(/(?:W\/)?"[^"]*"|[^\s,"]+/g) ?? []).map((one) => (one.endsWith('"') ? one : `"${one}"`));
}
