import type { ElementDefinition, ElementDefinitionConstraint, StructureDefinition } from 'fhir/r4.js';
import type { Profile, ProfileRule } from '../../records/profiles/profile.js';
import { SOFTWARE_VERSION } from '../../version.js';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/** A profile of ours as others read it (R4 structuredefinition.html): what it adds to R4 as constraints. */
export function structureDefinition(profile: Profile): StructureDefinition & { id: string } {
  const { url, name, type, rules } = profile;
  const places = [...new Set(['', ...rules.map(({ at }) => at)])];
  return {
    resourceType: 'StructureDefinition',
    id: `wetread-${name}`,
    url,
    version: SOFTWARE_VERSION,
    name: nameOf(name),
    status: 'active',
    publisher: 'wetread',
    description: DESCRIPTIONS[name],
    fhirVersion: '4.0.1',
    kind: 'resource',
    abstract: false,
    type,
    baseDefinition: `${CORE}${type}`,
    derivation: 'constraint',
    differential: { element: places.map((place) => element(profile, place)) },
  };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'ai-report': 'A report that an AI model made of an imaging study, until and after a person has signed it.',
  'ai-finding': 'What an AI model found, or did not find, in a study: the verdict, and the numbers behind it.',
  'image-quality': 'The quality of one image, as a program measured it.',
  'ai-model': 'A version of an AI model.',
  'model-card': 'The card of an AI model: what it is for, what it is not, what it was made from and how it did.',
  'ai-provenance': 'Which AI model made a report, out of which study, and the card that describes it.',
  review: 'Who reviewed a report, why, and their signature.',
};

const nameOf = (name: string): string =>
  name
    .split('-')
    .map((part) => part[0].toUpperCase() + part.slice(1))
    .join('');

function element({ type, url, name, rules }: Profile, place: string): ElementDefinition {
  const path = place === '' ? type : `${type}.${place}`;
  const own = rules.map((rule, i) => ({ rule, key: rule.key ?? `wr-${name}-${i + 1}` })).filter(({ rule }) => rule.at === place);
  const constraint = own.flatMap(({ rule, key }) => constraintOf(rule, key, url));
  const targets = own.flatMap(({ rule }) => rule.refersTo ?? []);
  return {
    id: path,
    path,
    ...(targets.length > 0 && { type: [{ code: 'Reference', targetProfile: targets.map((target) => `${CORE}${target}`) }] }),
    ...(constraint.length > 0 && { constraint }),
  };
}

function constraintOf({ test, words, names }: ProfileRule, key: string, source: string): ElementDefinitionConstraint[] {
  if (test === undefined) return [];
  return [{ key, severity: 'error', human: `${names ?? 'It'} ${words}`, expression: test, source }];
}
