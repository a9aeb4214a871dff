import type { FastifyRequest } from 'fastify';
import type { ExportAsked } from '../../records/export/export.sql.js';
import { BadSearchParameter } from '../../records/search/faults.js';
import { spanOf } from '../../records/search/dates.js';
import { preference } from '../preferences.js';
import { operationPairs } from './operation-parameters.js';

const FORMATS: ReadonlySet<string> = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);

/** What an export can be asked by here. */
export const EXPORT_PARAMETERS = ['_type', '_since', '_typeFilter', '_outputFormat'] as const;

/** What a kick-off request asks for (Bulk Data 2.0, query parameters), of the types that it may. @throws BadSearchParameter, MalformedJson */
export function exportAsked(
  request: FastifyRequest,
  body: unknown,
  types: readonly string[],
): Omit<ExportAsked, 'patients'> & { areNamed: boolean } {
  if (preference(request.headers.prefer, 'respond-async') === undefined)
    throw new BadSearchParameter('prefer', 'must ask for respond-async (the Prefer header)');
  const lenient = preference(request.headers.prefer, 'handling') === 'lenient';
  const asked = { types: [] as string[], since: null as string | null, filters: [] as string[] };
  for (const [name, value] of operationPairs(request, body))
    switch (name) {
      case '_type':
        asked.types.push(...value.split(','));
        break;
      case '_since': {
        const span = spanOf(value.replace(' ', '+'));
        if (span === undefined) throw new BadSearchParameter(name, 'must be an instant');
        asked.since = new Date(span.low).toISOString();
        break;
      }
      case '_typeFilter':
        asked.filters.push(...filtersOf(value));
        break;
      case '_outputFormat':
        if (!FORMATS.has(value.replace(' ', '+'))) throw new BadSearchParameter(name, 'must be application/fhir+ndjson');
        break;
      default:
        if (!lenient) throw new BadSearchParameter(name, "is not one of an export's here");
    }
  const unknown = asked.types.find((type) => !types.includes(type));
  if (unknown !== undefined && !lenient) throw new BadSearchParameter('_type', 'names a type that this export does not have');
  const wanted = asked.types.length === 0 ? types : types.filter((type) => asked.types.includes(type));
  if (asked.filters.some((filter) => !wanted.includes(filter.split('?')[0])))
    throw new BadSearchParameter('_typeFilter', 'must be TYPE?QUERY of a type that is exported');
  return { ...asked, types: wanted, areNamed: asked.types.length > 0 };
}

/** Several filters in one value have commas between them; a comma of a query is none before another `Type?`. */
const filtersOf = (value: string): string[] => value.split(/,(?=[A-Z][A-Za-z]+\?)/);
