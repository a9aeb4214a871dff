import { applyPatch, type Operation } from 'rfc6902';
import { isObject } from '../../validation/json-object.js';
import { MalformedJson } from '../../validation/validate-text.js';
import { draftOfValue } from '../draft.js';
import type { Patch } from '../edit.js';
import { exactJson } from '../exact-json.js';
import { PatchFailed } from './faults.js';

const MOST_OPERATIONS = 1_000;
/** Characters of a resource. */
const MOST_SIZE = 16 * 1024 * 1024;
const NAMES: ReadonlySet<unknown> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/** A JSON Patch (RFC 6902; R4 http.html#patch). @throws MalformedJson, PatchFailed */
export function jsonPatch(text: string, base?: string): Patch {
  const operations = parsed(text);
  return (content, type) => {
    const plain = JSON.parse(content) as unknown;
    applyOperations(plain, operations); // a test compares numbers by what they are, not by their digits
    const exact = marked(exactJson(content, JSON.parse(content)));
    applyOperations(exact, marked(exactJson(text, operations)), false);
    return draftOfValue(unmarked(exact), type, base);
  };
}

/**
 * Changes a value by the operations of a JSON Patch, in place; half of it where one fails.
 * @param withTests  whether `test` is one of them @throws PatchFailed
 */
export function applyOperations(value: unknown, operations: unknown, withTests = true): void {
  let size = JSON.stringify(value).length;
  for (const [i, operation] of structuredOperations(operations).entries()) {
    if (!withTests && operation.op === 'test') continue;
    if (isFailed(value, operation)) throw new PatchFailed(`fails at operation ${i}: its place is not there, or its test does not hold`);
    // Copies of copies double: each is looked at.
    if (operation.op === 'copy') size = JSON.stringify(value).length;
    if (size > MOST_SIZE) throw new PatchFailed('makes more of the resource than may be stored');
  }
}

/** The library throws where it meets what it did not expect: a pointer without a slash, a member of a number. */
function isFailed(value: unknown, operation: Operation): boolean {
  try {
    return applyPatch(value, [operation])[0] !== null;
  } catch {
    return true;
  }
}

/** Stands before a number's digits while it is carried about: no text of FHIR's has it (R4 datatypes.html#string). */
const MARK = '\u0000';

const MARKED = /^\u0000-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/; // oxlint-disable-line no-control-regex

/** The numbers that keep their digits (exactJson) as texts that the library copies as they are. */
function marked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(marked);
  if (!isObject(value)) return value;
  if (Object.getPrototypeOf(value) === null) return MARK + JSON.stringify(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, marked(one)]));
}

function unmarked(value: unknown): unknown {
  if (typeof value === 'string') return MARKED.test(value) ? JSON.rawJSON(value.slice(MARK.length)) : value;
  if (Array.isArray(value)) return value.map(unmarked);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unmarked(one)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedJson(text);
  }
}

/** The library would follow a pointer (RFC 6901) to what each of JavaScript's objects inherits. */
const isInherited = (pointer: unknown): boolean => typeof pointer === 'string' && /\/(?:__proto__|constructor)(?:\/|$)/.test(pointer);

function structuredOperations(given: unknown): Operation[] {
  if (!Array.isArray(given) || given.length > MOST_OPERATIONS) throw new PatchFailed('must be a list of operations');
  const wrong = given.findIndex((one) => !isObject(one) || !NAMES.has(one['op']) || typeof one['path'] !== 'string');
  if (wrong >= 0) throw new PatchFailed(`has no operation and path in place ${wrong}`);
  const beyond = given.findIndex(({ path, from }: Operation & { from?: unknown }) => isInherited(path) || isInherited(from));
  if (beyond >= 0) throw new PatchFailed(`fails at operation ${beyond}: its place is not there`);
  return given as Operation[];
}
