import type { CapabilityStatement, CapabilityStatementRestResource, CapabilityStatementRestSecurity } from 'fhir/r4.js';
import { TOPICS } from '../../delivery/topics.js';
import { knownProfiles } from '../../records/profiles/known-profiles.js';
import { READ_ONLY_TYPE, SERVED_TYPES } from '../../records/served-types.js';
import { AUDIT_PROFILES } from '../../ledger/audit/audit-event.js';
import { AUDIT_PARAMETERS } from '../../ledger/audit/audit-search.js';
import { hasNarrative } from '../../records/search/parse-condition.js';
import { COMPARTMENTS, searchParameters } from '../../records/search/search-parameters.js';
import { SOFTWARE_VERSION } from '../../version.js';

type Interaction = NonNullable<CapabilityStatementRestResource['interaction']>[number]['code'];
const INTERACTIONS: readonly Interaction[] = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
];

const SYSTEM_INTERACTIONS = ['transaction', 'batch', 'search-system', 'history-system'] as const;

/** What this server can do (R4 capabilitystatement.html), from the tables that it works by. */
export function capabilityStatement(base: string, security?: CapabilityStatementRestSecurity): CapabilityStatement {
  const resource = SERVED_TYPES.map((type): CapabilityStatementRestResource =>
    type === READ_ONLY_TYPE
      ? auditResource()
      : {
          type,
          ...profilesOf(type),
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
            { name: '_id', type: 'token', definition: parameterDefinition('Resource-id') },
            { name: '_lastUpdated', type: 'date', definition: parameterDefinition('Resource-lastUpdated') },
            { name: '_content', type: 'string', definition: parameterDefinition('Resource-content') },
            ...(hasNarrative(type)
              ? [{ name: '_text', type: 'string' as const, definition: parameterDefinition('DomainResource-text') }]
              : []),
            ...[...searchParameters(type).values()].map(({ name, type: kind, definition: by }) => ({ name, type: kind, definition: by })),
          ],
          operation: operationsOf(type),
          ...(type === 'Subscription' && { extension: TOPIC_EXTENSIONS }),
        },
  );
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-27',
    kind: 'instance',
    software: { name: 'wetread', version: SOFTWARE_VERSION },
    implementation: { description: 'wetread: preliminary imaging reports by AI models', url: `${base}/fhir` },
    fhirVersion: '4.0.1',
    format: ['json', 'xml'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json', 'application/fhir+xml'],
    instantiates: [
      'http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data',
      `${BACKPORT}/CapabilityStatement/backport-subscription-server-r4`,
    ],
    rest: [
      {
        mode: 'server',
        ...(security && { security }),
        resource,
        operation: [
          { name: 'export', definition: bulk('export') },
          { name: 'graphql', definition: definition('Resource-graphql') },
          { name: 'meta', definition: definition('Resource-meta') },
        ],
        interaction: SYSTEM_INTERACTIONS.map((code) => ({ code })),
        compartment: [...COMPARTMENTS].map((type) => `http://hl7.org/fhir/CompartmentDefinition/${type.toLowerCase()}`),
      },
    ],
  };
}

/** The record of accesses: read and searched by its own parameters, in the profiles of IHE BALP. */
const auditResource = (): CapabilityStatementRestResource => ({
  type: READ_ONLY_TYPE,
  supportedProfile: [...AUDIT_PROFILES],
  documentation: 'Made of the ledger, whose chain `npm run ledger:verify` checks. Nobody writes them.',
  interaction: [{ code: 'read' }, { code: 'search-type' }],
  versioning: 'no-version',
  conditionalDelete: 'not-supported',
  searchParam: AUDIT_PARAMETERS.map((name) => {
    const known = searchParameters(READ_ONLY_TYPE).get(name);
    const own =
      name === '_id'
        ? ({ type: 'token', definition: parameterDefinition('Resource-id') } as const)
        : ({ type: 'date', definition: parameterDefinition('Resource-lastUpdated') } as const);
    return { name, ...(known === undefined ? own : { type: known.type, definition: known.definition }) };
  }),
  operation: [
    { name: 'validate', definition: definition('Resource-validate') },
    { name: 'meta', definition: definition('Resource-meta') },
  ],
});

const parameterDefinition = (id: string): string => `http://hl7.org/fhir/SearchParameter/${id}`;

/** The profiles that a resource of the type is held to where it declares them. */
function profilesOf(type: string): Pick<CapabilityStatementRestResource, 'supportedProfile'> {
  const profiles = knownProfiles().filter((one) => one.type === type);
  return profiles.length === 0 ? {} : { supportedProfile: profiles.map(({ url }) => url) };
}

const definition = (name: string): string => `http://hl7.org/fhir/OperationDefinition/${name}`;

const bulk = (name: string): string => `http://hl7.org/fhir/uv/bulkdata/OperationDefinition/${name}`;

const BACKPORT = 'http://hl7.org/fhir/uv/subscriptions-backport';
const backport = (name: string): string => `${BACKPORT}/OperationDefinition/backport-subscription-${name}`;
/** The topics that can be subscribed to (Subscriptions R5 Backport 1.1). */
const TOPIC_EXTENSIONS = TOPICS.map(({ url }) => ({
  url: `${BACKPORT}/StructureDefinition/capabilitystatement-subscriptiontopic-canonical`,
  valueCanonical: url,
}));

/** Operations of our own: docs/fhir has their definitions. */
const own = (name: string): string => `urn:wetread:operation:${name}`;

const operationsOf = (type: string) => [
  { name: 'validate', definition: definition('Resource-validate') },
  { name: 'meta', definition: definition('Resource-meta') },
  { name: 'graphql', definition: definition('Resource-graphql') },
  ...(type === 'Patient' ? [{ name: 'everything', definition: definition('Patient-everything') }] : []),
  ...(type === 'Patient' ? [{ name: 'export', definition: bulk('patient-export') }] : []),
  ...(type === 'Patient' ? [{ name: 'access-log', definition: own('patient-access-log') }] : []),
  ...(type === 'Group' ? [{ name: 'export', definition: bulk('group-export') }] : []),
  ...(type === 'DiagnosticReport'
    ? [
        { name: 'document', definition: own('report-document') },
        { name: 'review', definition: own('report-review') },
      ]
    : []),
  ...(type === 'Subscription' ? ['status', 'events', 'get-ws-binding-token'].map((name) => ({ name, definition: backport(name) })) : []),
  ...(type === 'Observation' ? [{ name: 'lastn', definition: definition('Observation-lastn') }] : []),
];

const references = (type: string): string[] => referencesTo(type, undefined);

/** Parameters by which a type may refer to another, or to any. */
const referencesTo = (source: string, target: string | undefined): string[] =>
  [...searchParameters(source).values()]
    .filter(({ type, targets }) => type === 'reference' && (target === undefined || targets.length === 0 || targets.includes(target)))
    .map(({ name }) => name);

/** Where apps get their tokens, as SMART 1 had it here; SMART 2's place is `.well-known/smart-configuration`. @param issuer  undefined: an outside one */
export const smartSecurity = (issuer: string | undefined): CapabilityStatementRestSecurity => ({
  ...(issuer !== undefined && {
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: ['authorize', 'token', 'introspect', 'revoke'].map((url) => ({ url, valueUri: `${issuer}/${url}` })),
      },
    ],
  }),
  service: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }],
      text: 'SMART on FHIR',
    },
  ],
  description: 'Each request needs an access token; see .well-known/smart-configuration.',
});
