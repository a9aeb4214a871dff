import type { Bind } from './search-keys.js';

/** The wild cards `*` and `?` (PS3.4 C.2.2.2.4). A mere beginning is a range, which a B-tree finds whatever the value is. */
export function wildCardCondition(text: string, pattern: string, bind: Bind): string {
  const beginning = /^([^*?]+)\*+$/.exec(pattern)?.[1];
  if (beginning === undefined) return `${text} LIKE ${bind(like(pattern))}`;
  return `(${text} >= ${bind(beginning)} AND ${text} < ${bind(`${beginning}\u{10FFFF}`)})`;
}

/** `*` and `?` as LIKE's % and _, everything else literal. */
export const like = (pattern: string): string =>
  pattern
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');
