import { SaxesParser } from 'saxes';

const NAMESPACE = 'http://www.w3.org/1999/xhtml';

/** R4 narrative.html: basic formatting of HTML 4.0 (chapters 7 to 11 but 9.4, and 15), links, images, no scripts, forms or frames. */
const ELEMENTS = new Set(
  `a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img
  kbd li map ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var`.split(/\s+/),
);
const EVERYWHERE = new Set('title style class id lang xml:lang dir accesskey tabindex xmlns name'.split(' '));
const ATTRIBUTES: Readonly<Record<string, string>> = {
  a: 'href charset type rel rev hreflang shape coords',
  area: 'shape coords href nohref alt',
  img: 'src alt longdesc height width usemap ismap border align',
  table: 'summary width border frame rules cellspacing cellpadding align bgcolor',
  col: 'span width align char charoff valign',
  colgroup: 'span width align char charoff valign',
  td: 'abbr axis headers scope rowspan colspan align char charoff valign width height nowrap bgcolor',
  th: 'abbr axis headers scope rowspan colspan align char charoff valign width height nowrap bgcolor',
  tr: 'align char charoff valign bgcolor',
  thead: 'align char charoff valign',
  tbody: 'align char charoff valign',
  tfoot: 'align char charoff valign',
  ol: 'start type compact',
  ul: 'type compact',
  li: 'value type',
  blockquote: 'cite',
  q: 'cite',
  hr: 'align width size noshade',
  p: 'align',
  div: 'align',
  h1: 'align',
  h2: 'align',
  h3: 'align',
  caption: 'align',
};
/** Attributes that are addresses. */
const ADDRESSES = new Set('href src cite longdesc usemap'.split(' '));
/** What an address may begin with, if it names a scheme: whatever runs nothing where the narrative is shown. */
const HARMLESS = /^(?:https?|ftp|mailto|tel|urn|cid|oid|uuid):/i;
/** A picture that an address holds itself. */
const PICTURE = /^data:image\/(?:png|jpe?g|gif|bmp|webp);/i;
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** Browsers leave these out of an address: a scheme may have them anywhere (URL standard 4.4). */
const LEFT_OUT = /[\p{Cc}\p{Z}\ufeff]/gu;
/** Styles that run something, or bring in styles of elsewhere. */
const STYLE_RUNS = /expression\s*\(|@import|behavior\s*:|-moz-binding|javascript:/i;
/** Pictures in styles, as HL7's own narratives have them: within the style itself, or beside the narrative; none are fetched from elsewhere. */
const STYLE_ADDRESS = /url\s*\(\s*["']?([^"')]*)/gi;

/** Whether an attribute's value would run something where it is shown. */
function runs(name: string, value: string): boolean {
  // CSS lets any letter be written by its number, and comments stand within words.
  if (name !== 'style') return ADDRESSES.has(name) && isHarmful(value);
  const style = withoutComments(value);
  return value.includes('\\') || STYLE_RUNS.test(style) || [...style.matchAll(STYLE_ADDRESS)].some(([, address]) => isElsewhere(address));
}

/** What is left open is a comment to its end. */
function withoutComments(style: string): string {
  const parts: string[] = [];
  let at = 0;
  for (let open = style.indexOf('/*'); open >= 0; open = style.indexOf('/*', at)) {
    parts.push(style.slice(at, open));
    const close = style.indexOf('*/', open + 2);
    if (close < 0) return parts.join('');
    at = close + 2;
  }
  return parts.join('') + style.slice(at);
}

function isHarmful(written: string): boolean {
  const address = written.replace(LEFT_OUT, '');
  return HAS_SCHEME.test(address) && !HARMLESS.test(address) && !PICTURE.test(address);
}

function isElsewhere(written: string): boolean {
  const address = written.replace(LEFT_OUT, '');
  return !PICTURE.test(address) && (HAS_SCHEME.test(address) || /^[/\\]{2}/.test(address));
}

/** What is wrong with a narrative's `div`: the keys are R4's invariants, `xhtml` what is no XHTML at all. */
export interface XhtmlFault {
  readonly key: 'xhtml' | 'txt-1' | 'txt-2';
  readonly words: string;
}

/** No narrative is so deep; what a parser of namespaces does for each element grows with it. */
const DEEPEST = 100;

/** Ends the parsing. */
class Enough extends Error {}

/** The first fault of a narrative; undefined where it may be shown (R4 narrative.html#xhtml). */
export function xhtmlFault(div: string): XhtmlFault | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  let fault: XhtmlFault | undefined;
  let [hasContent, depth] = [false, 0];
  const find = (key: XhtmlFault['key'], words: string): void => {
    fault ??= { key, words };
    throw new Enough();
  };
  parser.on('error', () => find('xhtml', 'is not well-formed XHTML'));
  parser.on('doctype', () => find('txt-1', 'must not have a DOCTYPE'));
  parser.on('processinginstruction', () => find('txt-1', 'must not have processing instructions'));
  parser.on('text', (text) => void (hasContent ||= /\S/.test(text)));
  parser.on('opentag', ({ name, uri, attributes }) => {
    if (depth > DEEPEST) find('txt-1', `must not be nested more than ${DEEPEST} deep`);
    if (depth++ === 0 && (name !== 'div' || uri !== NAMESPACE)) find('txt-1', `must be a div of the namespace ${NAMESPACE}`);
    if (uri !== NAMESPACE || !ELEMENTS.has(name)) find('txt-1', 'must hold only elements of basic formatting, links and images');
    hasContent ||= name === 'img';
    const own = ATTRIBUTES[name]?.split(' ') ?? [];
    for (const attribute of Object.values(attributes)) {
      const isKnown = EVERYWHERE.has(attribute.name) || attribute.name.startsWith('xmlns:') || own.includes(attribute.name);
      if (!isKnown) find('txt-1', 'must have only attributes of basic formatting, links and images');
      if (runs(attribute.name, attribute.value)) find('txt-1', 'must not have links or styles that run something');
    }
  });
  parser.on('closetag', () => void depth--);
  try {
    parser.write(div).close();
    if (!hasContent) find('txt-2', 'must hold text or an image');
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return fault;
}
