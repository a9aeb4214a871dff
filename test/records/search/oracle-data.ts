import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { searchParameters } from '../../../src/records/search/search-parameters.js';
import { isServed, SERVED_TYPES } from '../../../src/records/served-types.js';
import { valuesOf, type Resource } from './oracle.js';
import { syntheticResources } from './synthetic.js';

const shared = new URL('../../../../../shared/fhir/valid/', import.meta.url);
const examples = new URL('../../../../.cache/r4-examples-4.0.1/', import.meta.url);
/** Of HL7's examples of one type. */
const MOST_EXAMPLES = 15;

/**
 * What is searched: what others wrote (../shared, HL7's examples) as far as it is there, and what is put together for each
 * parameter, which is there always. The type's own ids: two of one id are never of one type.
 */
export function searchedResources(): Resource[] {
  const written = [...inFolder(shared, (name) => !name.endsWith('-f1-fail.json')), ...chosenExamples()];
  const others = written.filter(({ resourceType }) => isServed(resourceType)).map((resource, i) => ({ ...resource, id: `r${i}` }));
  return [...others, ...SERVED_TYPES.flatMap(syntheticResources)];
}

/** Two were made to break the profile that they declare (../shared): left out by name. */
const inFolder = (folder: URL, isWanted: (name: string) => boolean): Resource[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json') && isWanted(name))
        .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Resource)
    : [];

/** Those that have values for parameters that none before them had, then others, up to a number. */
function chosenExamples(): Resource[] {
  return SERVED_TYPES.flatMap((type) => {
    const all = inFolder(examples, (name) => name.startsWith(`${type}-`) && type !== 'Bundle').filter((one) => one.resourceType === type);
    const seen = new Set<string>();
    const fresh = all.filter((one) => {
      const names = [...searchParameters(type).values()].filter((parameter) => valuesOf(parameter, one).length > 0).map(({ name }) => name);
      const isFresh = names.some((name) => !seen.has(name));
      for (const name of names) seen.add(name);
      return isFresh;
    });
    return [...new Set([...fresh, ...all])].slice(0, MOST_EXAMPLES);
  });
}
