import { Fault } from '../../faults.js';
import type { Issue } from './issue.js';
import { breakOf } from './json-break.js';
import { parseJson } from './json-text.js';
import { validateDeclared } from '../profiles/validate-declared.js';

/** The text is no JSON (RFC 8259): where it breaks, and in which element, never what stands there. */
export class MalformedJson extends Fault {
  readonly code = 'malformed-json';
  readonly status = 400;
  /** FHIRPath; undefined where nothing is known of it. */
  readonly expression: string | undefined;

  /** @param text  that was read; absent where it is JSON, but deeper than can be read */
  constructor(text?: string) {
    const broken = text === undefined ? undefined : breakOf(text);
    super(
      broken === undefined
        ? 'The body is not JSON.'
        : `The body is not JSON: it breaks off at line ${broken.line}, column ${broken.column}.`,
    );
    this.expression = broken?.path || undefined;
  }
}

export interface ValidatedText {
  readonly value: unknown;
  readonly issues: readonly Issue[];
}

/** A resource's JSON text and all that is wrong with it. @throws MalformedJson */
export function validateText(text: string): ValidatedText {
  const { value, issues } = readText(text);
  return { value, issues: [...issues, ...validateDeclared(value)] };
}

/** A JSON text and what is wrong with it as a text: members that are there twice. @throws MalformedJson */
export function readText(text: string): ValidatedText {
  const parsed = parsedOrRefused(text);
  const duplicates = parsed.duplicates.map((expression): Issue => ({
    severity: 'error',
    code: 'structure',
    expression,
    words: 'must be there once',
  }));
  return { value: parsed.value, issues: duplicates };
}

function parsedOrRefused(text: string) {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) throw new MalformedJson(text); // RangeError: deeper than the stack
    throw error;
  }
}
