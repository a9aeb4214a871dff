import type { Comparison, DateTest, QuantityTest, ReferenceTest, TokenTest } from './condition.js';
import { spanOf } from './dates.js';
import { impliedSpan, isDecimal, nearSpan } from './decimals.js';
import { BadSearchParameter } from './faults.js';
import { keyText } from './plain-text.js';

/** Parts between separators that no backslash takes by the letter; escapes stay as they are (R4 search.html#escaping). */
export function split(text: string, separator: ',' | '|' | '$'): string[] {
  if (!text.includes('\\')) return text.split(separator);
  const parts = [''];
  for (const piece of text.match(/\\.|[^]/g) ?? []) {
    if (piece === separator) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

/** A backslash takes a comma, a bar, a dollar sign or itself by the letter. */
export const unescaped = (text: string): string => (text.includes('\\') ? text.replace(/\\([\\,|$])/g, '$1') : text);

/** `value`, `system|value`, `|value` (of no system), `system|` (any of the system's). */
export function tokenTest(name: string, text: string): TokenTest {
  const parts = split(text, '|').map(unescaped);
  if (parts.length > 2) throw new BadSearchParameter(name, 'has more than one | in a value');
  const [before, after] = parts;
  if (before === '' && (after ?? '') === '') throw new BadSearchParameter(name, 'has an empty value');
  if (after === undefined) return { system: undefined, value: keyText(before) };
  return { system: keyText(before), value: after === '' ? undefined : keyText(after) };
}

const PREFIXED = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.+)$/s;

/** R4 search.html#prefix; `now` (milliseconds since 1970) says how near is near: a tenth of the distance. */
export function dateTest(name: string, text: string, now: number): DateTest {
  const [, prefix = 'eq', date] = PREFIXED.exec(text) ?? [];
  // In a query an unescaped + arrives as a blank.
  const span = date === undefined ? undefined : spanOf(date.replace(' ', '+'));
  if (span === undefined) throw new BadSearchParameter(name, 'must be a date with a prefix of eq, ne, gt, lt, ge, le, sa, eb or ap');
  if (prefix !== 'ap') return { comparison: prefix as Comparison, ...span };
  const width = Math.abs(now - (span.low + span.high) / 2) / 10;
  return { comparison: 'ap', low: Math.floor(span.low - width), high: Math.ceil(span.high + width) };
}

/** `[prefix][number]|[system]|[code]`, `[number]||[code]`, `[number]` (R4 search.html#quantity, #number). */
export function quantityTest(name: string, text: string): QuantityTest {
  const [given, system, code, ...rest] = split(text, '|').map(unescaped);
  const [, prefix = 'eq', number = ''] = PREFIXED.exec(given) ?? [];
  const value = number.replace(/^ /, '+');
  if (!isDecimal(value) || rest.length > 0 || (system !== undefined && code === undefined))
    throw new BadSearchParameter(
      name,
      'must be a number with a prefix of eq, ne, gt, lt, ge, le, sa, eb or ap, and for a quantity |system|code',
    );
  const unit = { system: system === undefined || system === '' ? undefined : keyText(system), code: code ? keyText(code) : undefined };
  return { comparison: prefix as Comparison, value, ...(prefix === 'ap' ? nearSpan(value) : impliedSpan(value)), ...unit };
}

const LOCAL = /^(?:(?<type>[A-Z][A-Za-z]+)\/)?(?<id>[A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/**
 * `id`, `Type/id`, or an address; one below the server's own address is `Type/id`. `types`: what a bare id may be of.
 * `base`: the server's own FHIR address.
 */
export function referenceTests(name: string, text: string, types: readonly string[], base: string): ReferenceTest[] {
  const value = unescaped(text);
  if (value === '') throw new BadSearchParameter(name, 'has an empty value');
  const own = value.startsWith(`${base}/`) ? value.slice(base.length + 1) : value;
  const { type, id } = LOCAL.exec(own)?.groups ?? {};
  if (id === undefined) return [{ type: '', id: keyText(value) }];
  if (type !== undefined)
    return [
      { type, id },
      { type: '', id: keyText(`${base}/${type}/${id}`) },
    ];
  return types.flatMap((one) => [
    { type: one, id },
    { type: '', id: keyText(`${base}/${one}/${id}`) },
  ]);
}
