import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js';
import { SERVED_TYPES } from './served-types.js';
import { SOFTWARE_VERSION } from '../../version.js';

const PARAMETER_TYPE: Readonly<Record<string, 'token' | 'reference'>> = {
  patient: 'reference',
  subject: 'reference',
  target: 'reference',
  imagingStudy: 'reference',
  identifier: 'token',
  status: 'token',
};

/** What this server can do (R4 capabilitystatement.html). */
export function capabilityStatement(base: string): CapabilityStatement {
  const resource = Object.entries(SERVED_TYPES).map(([type, parameters]): CapabilityStatementRestResource => ({
    type: type as CapabilityStatementRestResource['type'],
    versioning: 'versioned',
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    searchParam: [
      { name: '_id', type: 'token' },
      { name: '_lastUpdated', type: 'date' },
      ...parameters.map((name) => ({ name, type: PARAMETER_TYPE[name] })),
    ],
    operation: [{ name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' }],
  }));
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-24',
    kind: 'instance',
    software: { name: 'wetread', version: SOFTWARE_VERSION },
    implementation: { description: 'wetread: preliminary imaging reports by AI models', url: `${base}/fhir` },
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [{ mode: 'server', resource }],
  };
}
