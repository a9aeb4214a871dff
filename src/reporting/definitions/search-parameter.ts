import type { SearchParameter } from 'fhir/r4.js';
import type { OwnSearchParameter } from '../../records/search/own-search-parameters.js';

/** A search parameter that R4 lacks, as others read it (R4 searchparameter.html). */
export const searchParameter = (given: OwnSearchParameter): SearchParameter & { id: string } => ({
  resourceType: 'SearchParameter',
  id: `wetread-${given.base}-${given.name}`,
  url: given.url,
  name: given.name.replace(/^./, (first) => first.toUpperCase()),
  status: 'active',
  publisher: given.publisher,
  description: given.description,
  code: given.name,
  base: [given.base],
  type: 'reference',
  expression: given.expression,
  xpathUsage: 'normal',
  target: [...given.targets],
});
