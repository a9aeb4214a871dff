import type { ElementDefinition, TypeReference } from '../../../src/records/definitions/definitions.js';
import { BASE } from './oracle-query.js';

/** Values of R4's types that the rules of search tell apart; the n-th of a type, and round again. */
const SYSTEM = 'http://example.org/codes';
const UCUM = 'http://unitsofmeasure.org';

const TEXTS = ['Émile  Zola', 'émile, |zola$ \\senior', 'Zoë Straße', 'zo', `Zoë ${'Straße '.repeat(100)}end`];
const ADDRESSES = [
  'http://example.org/a/b',
  'http://example.org/a',
  'urn:oid:1.2.3',
  'http://example.org/a/b/c',
  'http://example.org/ab',
  `http://example.org/a/${'é/long/'.repeat(80)}end`,
];
const DATES = ['2019-02-03', '2019', '2019-02', '2021-12-31'];
const TIMES = [
  '2019-02-03T04:05:06.789Z',
  '2019-02-03T04:05:06+02:00',
  '2019-02-03T23:59:59-05:00',
  '2021-12-31T00:00:00Z',
  '2019-02-03T04:05:06.7894561Z',
];
const PERIODS = [
  { start: '2019-02-01', end: '2019-02-03T04:05:06Z' },
  { start: '2019-02-03' },
  { end: '2020' },
  { start: '2018', end: '2022-01' },
];
const QUANTITIES = [
  { value: 5.4, unit: 'milligram', system: UCUM, code: 'mg' },
  { value: 5.4, unit: 'mg', system: 'http://example.org/units', code: 'mg' },
  { value: 5, comparator: '<', unit: 'milligram', system: UCUM, code: 'mg' },
  { value: 100, comparator: '>=', unit: 'gram', system: UCUM, code: 'g' },
  { value: -0.001, unit: 'g' },
  { value: 5.44 },
  { unit: 'mg', system: UCUM, code: 'mg' },
];
/** Of a range. */
const END = QUANTITIES[0];
const MAIDEN = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR', display: 'Record' }],
  text: 'Médical record',
};

const SAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  string: TEXTS,
  markdown: TEXTS,
  uri: ADDRESSES,
  url: ADDRESSES,
  boolean: [true, false],
  date: DATES,
  dateTime: [...DATES, ...TIMES],
  instant: TIMES,
  decimal: [5.4, 5, 100],
  integer: [5, 100, 0],
  positiveInt: [5, 100],
  unsignedInt: [5, 100, 0],
  id: ['a', 'b'],
  code: ['de-CH', 'de', 'en'],
  base64Binary: ['YQ=='],
  Period: PERIODS,
  Timing: [
    { event: ['2019-02-03', '2019-05'] },
    { repeat: { boundsPeriod: PERIODS[0] } },
    { event: ['2021'], repeat: { boundsPeriod: PERIODS[1] } },
    { code: { text: 'daily' } },
  ],
  Quantity: QUANTITIES,
  Duration: [
    { value: 90, unit: 'min', system: UCUM, code: 'min' },
    { value: 1.5, unit: 'h', system: UCUM, code: 'h' },
  ],
  Range: [{ low: END, high: { ...END, value: 10 } }, { low: END }, { high: END }, { low: { value: 1 }, high: { value: 200 } }],
  SampledData: [{ origin: { value: 5.4, system: UCUM, code: 'mg' }, period: 1, dimensions: 1, data: '1 2' }],
  Coding: [
    { system: SYSTEM, code: 'a', display: 'Émile the first' },
    { system: `${SYSTEM}/other`, code: 'a|b,c$d\\e' },
    { code: 'a', display: 'émile' },
    { system: SYSTEM, code: 'b' },
    { system: SYSTEM, code: `b${'-long'.repeat(100)}` },
    { display: 'words alone' },
    { system: SYSTEM, display: 'a system, and words' },
  ],
  ContactPoint: [
    { system: 'phone', value: '+41 44 123' },
    { system: 'email', value: 'a@example.org', use: 'home' },
    { system: 'other', value: 'a@example.org' },
    { system: 'phone' },
  ],
  HumanName: [
    { family: 'Zolà', given: ['Émile', 'Edouard'], prefix: ['Dr'], suffix: ['II'] },
    { text: 'zola the younger', use: 'nickname' },
    { given: ['Zoë'], period: PERIODS[0] },
  ],
  Address: [
    { line: ['Rue Émile 1', 'p.o. box'], city: 'Zürich', state: 'ZH', postalCode: '8001', country: 'CH', use: 'work' },
    { text: 'zurich, somewhere', use: 'old' },
    { district: 'Zürich-Nord', country: 'DE', type: 'postal' },
  ],
  Attachment: [{ url: 'http://example.org/scan', title: 'Scan' }],
  Identifier: [
    { system: 'urn:oid:1.2.3', value: 'A-1', type: MAIDEN },
    { system: 'urn:oid:1.2.4', value: 'A-1' },
    { value: 'A-1', type: { text: 'médical number' } },
    { system: 'urn:oid:1.2.3', value: 'a|1,2$3', type: MAIDEN },
    { system: 'urn:oid:1.2.3', type: MAIDEN },
  ],
};

/** Of a bound element the codes that it may have, of each system some. */
function codesOf({ codes }: ElementDefinition): { system: string; code: string }[] {
  return [...(codes ?? [])].flatMap(([system, own]) => [...own].slice(0, 4).map((code) => ({ system, code })));
}

/** How many values there are of a type at an element. */
export function samplesOf(element: ElementDefinition, { code: type, targets }: TypeReference, target?: string): readonly unknown[] {
  const bound = codesOf(element);
  if (type === 'Reference') return referencesTo(target === undefined ? targets : [target]);
  if (type === 'canonical') return canonicalsOf(targets);
  if (type === 'code' && bound.length > 0) return bound.map(({ code }) => code);
  if (type === 'Coding' && bound.length > 0) return bound.map((one, i) => ({ ...one, display: TEXTS[i % TEXTS.length] }));
  if (type !== 'CodeableConcept') return SAMPLES[type] ?? [];
  const codings = bound.length > 0 ? bound : (SAMPLES['Coding'] as object[]);
  const first = { coding: [codings[0], codings[1] ?? codings[0]], text: 'Zoë Straße' };
  return [first, { coding: [codings.at(-1)] }, { text: 'émile' }, ...codings.slice(1, -1).map((one) => ({ coding: [one] }))];
}

function referencesTo(targets: readonly string[]): object[] {
  const types = targets.length === 0 || targets.includes('Resource') ? ['Patient', 'Account', 'Observation', 'Device'] : targets;
  const [first] = types;
  return [
    ...types.slice(0, 4).map((type, i) => ({ reference: `${type}/id-${i % 2}` })),
    { reference: `${first}/id-0/_history/2`, display: 'a version of it' },
    { reference: `http://elsewhere.example.org/fhir/${first}/id-0` },
    { reference: `${BASE}/${first}/id-0` },
    { reference: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0', type: first },
    { identifier: { system: 'urn:oid:1.2.3', value: 'A-1', type: MAIDEN }, type: first },
    { reference: `${first}/id-1`, identifier: { value: 'A-1' } },
    { display: 'by name alone' },
  ];
}

function canonicalsOf(targets: readonly string[]): string[] {
  const type = targets.find((one) => one !== 'Resource') ?? 'ValueSet';
  return [`http://example.org/${type}/a|1.0`, `http://example.org/${type}/a`, `http://example.org/${type}/a|2.0`, `${type}/id-0`];
}

const NARRATIVE = { status: 'empty', div: '<div xmlns="http://www.w3.org/1999/xhtml">none</div>' };
const WHOLE = { id: 'Patient', path: 'Patient', definition: 'A patient.', min: 0, max: '*', base: { path: 'Patient', min: 0, max: '*' } };

/** What R4's invariants ask for beside the elements that must be there, by place. */
export const NEIGHBOURS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Bundle: { type: 'collection' },
  CapabilityStatement: { kind: 'instance', implementation: { description: 'Here.' }, rest: [{ mode: 'server' }] },
  'Composition.section': { text: NARRATIVE },
  Organization: { name: 'Zürich' },
  ServiceRequest: { code: { text: 'a scan' } },
  StructureDefinition: {
    abstract: false,
    kind: 'resource',
    type: 'Patient',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/DomainResource',
    derivation: 'specialization',
    differential: { element: [{ id: 'Patient', path: 'Patient' }] },
  },
  'StructureDefinition.snapshot.element': WHOLE,
  'StructureDefinition.differential.element': WHOLE,
  'ValueSet.compose.include': { system: SYSTEM },
  'ValueSet.expansion.contains': { system: SYSTEM },
};

/** Where two that are made alike would break an invariant. */
export const ALONE: ReadonlySet<string> = new Set([
  'CapabilityStatement.rest.resource',
  'CodeSystem.concept',
  'StructureDefinition.snapshot.element',
  'StructureDefinition.differential.element',
]);
