import type { Narrative } from 'fhir/r4.js';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as XHTML character data: what a header says never becomes markup. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character]);

/** A generated narrative of paragraphs (R4 narrative.html); each is plain text. */
export const narrative = (...paragraphs: readonly string[]): Narrative => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.map((one) => `<p>${escaped(one)}</p>`).join('')}</div>`,
});
