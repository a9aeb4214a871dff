import type { SearchRequest } from './parse-search.js';

/** A search as it is put on record: by which parameters in the open, and all of what was asked sealed, as values name people. */
export interface Sought {
  readonly names: readonly string[];
  /** Relative to the server's FHIR address. */
  readonly query: string;
}

/** @param pairs  the parameters that were used; `name`: of what was asked for in place of a type, `$everything` say */
export function sought(
  { type, compartment }: Pick<SearchRequest, 'type' | 'compartment'>,
  pairs: readonly (readonly [string, string])[],
  name?: string,
): Sought {
  const address = [
    ...(compartment ? [compartment.type, compartment.id] : []),
    ...(type === undefined ? [] : [type]),
    ...(name ? [name] : []),
  ];
  const query = new URLSearchParams(pairs.map(([of, value]): [string, string] => [of, value])).toString();
  return { names: [...new Set(pairs.map(([of]) => of))], query: `${address.join('/')}${query === '' ? '' : `?${query}`}` };
}
