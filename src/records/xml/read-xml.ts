import { SaxesParser } from 'saxes';
import { Fault } from '../../faults.js';
import { FHIR_NAMESPACE } from './to-xml.js';

/** The text is no XML, or none that FHIR allows (R4 xml.html). */
export class MalformedXml extends Fault {
  readonly code = 'malformed-xml';
  readonly status = 400;

  constructor(why: string) {
    super(`The body ${why}.`);
  }
}

/** An element of FHIR's namespace. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  /** Of a narrative's `div`: it with all that is in it, written anew. */
  readonly markup: string;
}

const XHTML = 'http://www.w3.org/1999/xhtml';
const ALLOWED_ELSEWHERE: ReadonlySet<string> = new Set([
  'http://www.w3.org/2000/xmlns/',
  'http://www.w3.org/2001/XMLSchema-instance',
  'http://www.w3.org/XML/1998/namespace',
]);
/** Deeper is no clinical content but an attack on the stack. */
const MOST_DEPTH = 200;

/** Reads a text whose only content are elements and attributes of FHIR's, and XHTML in narratives; no DTD, no entities. @throws MalformedXml */
export function readXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: { -readonly [Key in keyof XmlElement]: XmlElement[Key] }[] = [];
  let root: XmlElement | undefined;
  let markup = '';
  let depthOfMarkup = 0;
  parser.on('error', () => refuse('is not well-formed XML'));
  parser.on('doctype', () => refuse('has a DTD, which FHIR does not allow'));
  parser.on('opentag', ({ local, uri, attributes, isSelfClosing }) => {
    if (uri === XHTML && open.length > 0) {
      const written = Object.values(attributes)
        .filter((one) => one.prefix !== 'xmlns' && one.name !== 'xmlns')
        .map((one) => ` ${one.name}="${escaped(one.value)}"`);
      if (depthOfMarkup++ === 0) {
        open.push({ name: local, attributes: {}, children: [], markup: '' });
        markup = `<${local} xmlns="${XHTML}"${written.join('')}`;
      } else markup += `<${local}${written.join('')}`;
      markup += isSelfClosing ? '/>' : '>';
      return;
    }
    if (uri !== FHIR_NAMESPACE || depthOfMarkup > 0) refuse(`must have its elements in ${FHIR_NAMESPACE}`);
    if (open.length > MOST_DEPTH) refuse('is nested too deep');
    const own = Object.values(attributes).filter((one) => !ALLOWED_ELSEWHERE.has(one.uri));
    open.push({ name: local, attributes: Object.fromEntries(own.map((one) => [one.name, one.value])), children: [], markup: '' });
  });
  parser.on('text', (content) => {
    if (depthOfMarkup > 0) markup += escaped(content).replaceAll('&quot;', '"');
    else if (content.trim() !== '') refuse('has text between its elements');
  });
  parser.on('closetag', ({ local, isSelfClosing }) => {
    if (depthOfMarkup > 0) {
      if (!isSelfClosing) markup += `</${local}>`;
      if (--depthOfMarkup > 0) return;
    }
    const closed = open.pop();
    if (closed === undefined) return;
    if (markup !== '') closed.markup = markup;
    markup = '';
    const parent = open.at(-1);
    if (parent === undefined) root = closed;
    else parent.children.push(closed);
  });
  parser.write(text).close();
  if (root === undefined) throw new MalformedXml('is not well-formed XML');
  return root;
}

function refuse(why: string): never {
  throw new MalformedXml(why);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character]);
