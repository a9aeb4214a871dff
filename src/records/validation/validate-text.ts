import { Fault } from '../../faults.js';
import type { Issue } from './issue.js';
import { parseJson } from './json-text.js';
import { validateResource } from './validate-resource.js';

/** The text is no JSON (RFC 8259). */
export class MalformedJson extends Fault {
  readonly code = 'malformed-json';
  readonly status = 400;

  constructor() {
    super('The body is not JSON.');
  }
}

/** What is said of a member that an object has twice. */
export const DUPLICATE = 'must be there once';

export interface ValidatedText {
  readonly value: unknown;
  readonly issues: readonly Issue[];
}

/** A resource's JSON text and all that is wrong with it. @throws MalformedJson */
export function validateText(text: string): ValidatedText {
  const parsed = parsedOrRefused(text);
  const duplicates = parsed.duplicates.map((expression): Issue => ({
    severity: 'error',
    code: 'structure',
    expression,
    words: DUPLICATE,
  }));
  return { value: parsed.value, issues: [...duplicates, ...validateResource(parsed.value)] };
}

function parsedOrRefused(text: string) {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) throw new MalformedJson(); // RangeError: deeper than the stack
    throw error;
  }
}
