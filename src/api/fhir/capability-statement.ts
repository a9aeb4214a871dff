import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js';
import { SERVED_TYPES } from '../../records/served-types.js';
import { searchParameters } from '../../records/search/search-parameters.js';
import { SOFTWARE_VERSION } from '../../version.js';

type Interaction = NonNullable<CapabilityStatementRestResource['interaction']>[number]['code'];
const INTERACTIONS: readonly Interaction[] = ['read', 'vread', 'update', 'delete', 'create', 'search-type'];

/** What this server can do (R4 capabilitystatement.html), from the tables that it works by. */
export function capabilityStatement(base: string): CapabilityStatement {
  const resource = SERVED_TYPES.map((type): CapabilityStatementRestResource => ({
    type,
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    interaction: INTERACTIONS.map((code) => ({ code })),
    searchInclude: ['*', ...references(type).map((name) => `${type}:${name}`)],
    searchRevInclude: SERVED_TYPES.flatMap((source) => referencesTo(source, type).map((name) => `${source}:${name}`)),
    searchParam: [
      { name: '_id', type: 'token' },
      { name: '_lastUpdated', type: 'date' },
      ...[...searchParameters(type).values()].map(({ name, type: kind }) => ({ name, type: kind })),
    ],
    operation: [{ name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' }],
  }));
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-27',
    kind: 'instance',
    software: { name: 'wetread', version: SOFTWARE_VERSION },
    implementation: { description: 'wetread: preliminary imaging reports by AI models', url: `${base}/fhir` },
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [{ mode: 'server', resource, interaction: [{ code: 'search-system' }] }],
  };
}

const references = (type: string): string[] => referencesTo(type, undefined);

/** Parameters by which a type may refer to another, or to any. */
const referencesTo = (source: string, target: string | undefined): string[] =>
  [...searchParameters(source).values()]
    .filter(({ type, targets }) => type === 'reference' && (target === undefined || targets.length === 0 || targets.includes(target)))
    .map(({ name }) => name);
