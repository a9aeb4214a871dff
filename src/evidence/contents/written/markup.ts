/** Markup whose text is escaped already. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Inside = Markup | string | number | readonly Inside[];

/** What HTML lets no document hold (parse-error-control-character-in-input-stream, noncharacters). */
// oxlint-disable-next-line no-control-regex -- these are what is taken out
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(FORBIDDEN, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ESCAPES[character]);

const markupOf = (inside: Inside): string => {
  if (inside instanceof Markup) return inside.text;
  if (typeof inside === 'string') return escaped(inside);
  return typeof inside === 'number' ? String(inside) : inside.map(markupOf).join('');
};

/** A template whose holes are escaped, as content and as a quoted attribute's value; markup among them stays. */
export const markup = (texts: TemplateStringsArray, ...holes: readonly Inside[]): Markup =>
  new Markup(texts.map((text, i) => text + (i < holes.length ? markupOf(holes[i]) : '')).join(''));

/** Markup of our own making, as it stands: a figure, which escapes what it is told, and the style of the pages. */
export const asItStands = (text: string): Markup => new Markup(text);
