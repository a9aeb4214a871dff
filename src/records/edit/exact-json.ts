import { MalformedJson } from '../validation/validate-text.js';

/** What stands where a value may, and may be a number. Within texts there is the like of it too: that costs time alone. */
const NUMBERS = /[:,[]\s*(-?\d[\d.eE+-]*)(?=\s*[,}\]])/g;

/** Whether JavaScript would write a number in other digits than these (R4 datatypes.html#decimal: the precision has a meaning). */
function mayChange(text: string): boolean {
  for (const [, number] of text.matchAll(NUMBERS)) if (String(Number(number)) !== number) return true;
  return false;
}

declare global {
  interface JSON {
    /** A value that is written as this text (ECMAScript, JSON.parse source text access). */
    rawJSON(text: string): object;
  }
}

/**
 * A JSON text's value, to be written again with the digits that it came with: where a number would lose some, its place holds
 * what JSON.stringify writes as it was. Such a value is for writing alone; `plain` is the one to look at.
 */
export function exactJson(text: string, plain: unknown): unknown {
  if (!mayChange(text)) return plain;
  const reviver = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source ? JSON.rawJSON(context.source) : value;
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    if (error instanceof RangeError) throw new MalformedJson(); // deeper than the stack
    throw error;
  }
}
