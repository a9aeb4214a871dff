import { applyPatch, type Operation } from 'rfc6902';
import { isObject } from '../../validation/json-object.js';
import { MalformedJson } from '../../validation/validate-text.js';
import { draftOfValue } from '../draft.js';
import type { Patch } from '../edit.js';
import { exactJson } from '../exact-json.js';
import { PatchFailed } from './faults.js';

const MOST_OPERATIONS = 1_000;
const NAMES: ReadonlySet<unknown> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/** A JSON Patch (RFC 6902; R4 http.html#patch). @throws MalformedJson, PatchFailed */
export function jsonPatch(text: string): Patch {
  const operations = parsed(text);
  return (content, type) => {
    const resource = parsed(content);
    applyOperations(resource, operations);
    return draftOfValue(resource, type);
  };
}

/** Changes a value by the operations of a JSON Patch, in place; half of it where one fails. @throws PatchFailed */
export function applyOperations(value: unknown, operations: unknown): void {
  const failed = applyPatch(value, structuredOperations(operations)).findIndex((error) => error !== null);
  if (failed >= 0) throw new PatchFailed(`fails at operation ${failed}: its place is not there, or its test does not hold`);
}

function parsed(text: string): unknown {
  try {
    return exactJson(text, JSON.parse(text));
  } catch {
    throw new MalformedJson();
  }
}

function structuredOperations(given: unknown): Operation[] {
  if (!Array.isArray(given) || given.length > MOST_OPERATIONS) throw new PatchFailed('must be a list of operations');
  const wrong = given.findIndex((one) => !isObject(one) || !NAMES.has(one['op']) || typeof one['path'] !== 'string');
  if (wrong >= 0) throw new PatchFailed(`has no operation and path in place ${wrong}`);
  return given as Operation[];
}
