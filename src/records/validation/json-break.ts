import { resourceDefinition, typeDefinition } from '../definitions/definitions.js';
import { closingQuote } from './json-text.js';

/** Where a text stops being JSON (RFC 8259). */
export interface JsonBreak {
  /** Of the first character that no JSON goes on with; the text's length where it only ends too early. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
  /** FHIRPath of the element that it stands in, as far as it was read. */
  readonly path: string;
}

type Expected = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'colon' | 'comma-or-end';
interface Open {
  readonly isObject: boolean;
  name: string;
  index: number;
}

const SPACE = /[ \t\n\r]*/y;
const PLAIN = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Escapes one by one; the group is what is none. */
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}|(.|$))/gs;
// eslint-disable-next-line no-control-regex -- these are what must not stand there (RFC 8259 7)
const CONTROL = /[\u0000-\u001f]/;

/** Who sends more, or deeper, is told that it is no JSON and not where: looking costs more than the answer is worth. */
const MOST_TEXT = 8 * 1024 * 1024;
const DEEPEST = 500;

/** The place where a text that JSON.parse has refused breaks; undefined where it is JSON all the same, or too much to look at. */
export function breakOf(text: string): JsonBreak | undefined {
  if (text.length > MOST_TEXT) return undefined;
  const open: Open[] = [];
  let expected: Expected = 'value';
  let root = '';
  let at = 0;
  const skip = (): void => {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    at = SPACE.lastIndex;
  };
  const broken = (offset: number): JsonBreak => {
    const before = text.slice(0, offset);
    return {
      offset,
      line: before.split('\n').length,
      column: offset - before.lastIndexOf('\n'),
      path: pathOf(root, open),
    };
  };
  for (skip(); at < text.length || open.length > 0; skip()) {
    const [sign, inner] = [text[at], open.at(-1)];
    if (inner === undefined && expected === 'comma-or-end') return broken(at); // something behind the value
    if (sign === (inner?.isObject === true ? '}' : ']') && expected.endsWith('end') && inner !== undefined) {
      open.pop();
      [at, expected] = [at + 1, 'comma-or-end'];
    } else if (expected === 'comma-or-end') {
      if (sign !== ',') return broken(at);
      if (inner !== undefined) inner.index++;
      [at, expected] = [at + 1, inner?.isObject === true ? 'name' : 'value'];
    } else if (expected === 'colon') {
      if (sign !== ':') return broken(at);
      [at, expected] = [at + 1, 'value'];
    } else if (sign === '"') {
      const end = endOfString(text, at);
      if (end < 0) return broken(-end - 1);
      const isName = expected.startsWith('name');
      if (isName && inner !== undefined) inner.name = text.slice(at + 1, Math.min(end - 1, at + 65));
      else if (open.length === 1 && inner?.name === 'resourceType') root = text.slice(at + 1, end - 1);
      [at, expected] = [end, isName ? 'colon' : 'comma-or-end'];
    } else if (expected.startsWith('name')) return broken(at);
    else if (sign === '{' || sign === '[') {
      if (open.length > DEEPEST) return undefined;
      open.push({ isObject: sign === '{', name: '', index: 0 });
      [at, expected] = [at + 1, sign === '{' ? 'name-or-end' : 'value-or-end'];
    } else {
      PLAIN.lastIndex = at;
      if (!PLAIN.test(text)) return broken(at);
      [at, expected] = [PLAIN.lastIndex, 'comma-or-end'];
    }
  }
  return expected === 'comma-or-end' ? undefined : broken(text.length);
}

/** As far as R4 knows the names: another may say anything. */
function pathOf(root: string, open: readonly Open[]): string {
  let members = resourceDefinition(root)?.members;
  let path = members === undefined ? '' : root;
  for (const { isObject, name, index } of open) {
    if (!isObject) {
      path += `[${index}]`;
      continue;
    }
    const member = members?.byName.get(name.replace(/^_/, ''));
    if (member === undefined) break;
    path += `.${name}`;
    members = member.element.members ?? typeDefinition(member.type?.code ?? '')?.members;
  }
  return path;
}

/** Just behind the string that begins there; -1 and less the place where it breaks. */
function endOfString(text: string, at: number): number {
  const end = closingQuote(text, at);
  const content = text.slice(at + 1, end < 0 ? undefined : end);
  const control = content.search(CONTROL);
  const escape = wrongEscape(content);
  const [first] = [control, escape].filter((place) => place >= 0).sort((a, b) => a - b);
  if (first !== undefined) return -(at + 1 + first) - 1;
  return end < 0 ? -text.length - 1 : end + 1;
}

/** Where the first escape is that is none; -1 where there is no such. */
function wrongEscape(content: string): number {
  for (const { 1: wrong, index } of content.matchAll(ESCAPE)) if (wrong !== undefined) return index;
  return -1;
}
