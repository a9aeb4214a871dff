import { valueSetCodes } from '../definitions/definitions.js';
import type { TokenTest } from './condition.js';
import { BadSearchParameter } from './faults.js';

/** `:in`: the codes of a value set, by its address (R4 search.html#token). Those that R4 itself binds codes to are known. */
export function valueSetTests(name: string, url: string): TokenTest[] {
  const codes = valueSetCodes(url.split('|')[0]);
  if (codes === undefined) throw new BadSearchParameter(name, 'names a value set that is not known here');
  return [...codes].flatMap(([system, own]) => [...own].map((value) => ({ system, value })));
}
