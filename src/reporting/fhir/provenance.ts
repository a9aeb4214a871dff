import type { FhirResource, Provenance } from 'fhir/r4.js';
import { narrative } from '../../records/narrative.js';
import { resourceId } from '../../records/resource-id.js';
import type { PreliminaryReport } from '../preliminary-report.js';
import { ARTIFICIAL_INTELLIGENCE } from './ai-transparency.js';
import { AI_ASSERTED_REASON, aiMeta, MODEL_SHA256 } from './codes.js';
import { deviceId } from './device.js';
import { modelCardId } from './model-card.js';

/** Of the Provenance of what the AI made. */
export const aiProvenanceId = (reportId: string): string => resourceId('Provenance', reportId);

/** Where the report comes from (R4 provenance.html; HL7 AI Transparency, AI Provenance): which model, by which card, out of which study. */
export function provenanceResource(
  report: PreliminaryReport,
  targets: readonly (FhirResource & { id: string })[],
): Provenance & { id: string } {
  const device = { reference: `Device/${deviceId(report)}` };
  return {
    resourceType: 'Provenance',
    id: aiProvenanceId(report.id),
    meta: aiMeta('ai-provenance'),
    text: narrative(`Made by ${report.model.title}, version ${report.model.version}, on wetread ${report.softwareVersion}`),
    target: targets.map(({ resourceType, id }) => ({ reference: `${resourceType}/${id}` })),
    occurredDateTime: report.issued.toISOString(),
    recorded: report.issued.toISOString(),
    reason: [AI_ASSERTED_REASON],
    activity: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', code: 'CREATE', display: 'create' }] },
    agent: [
      {
        type: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code: 'author', display: 'Author' }],
        },
        role: [ARTIFICIAL_INTELLIGENCE],
        who: device,
      },
    ],
    entity: [
      { role: 'derivation', what: { reference: `ImagingStudy/${report.study.imagingStudyId}` } },
      { role: 'derivation', what: { reference: `DocumentReference/${modelCardId(report)}` } },
      {
        role: 'source',
        what: {
          identifier: { system: MODEL_SHA256, value: report.model.sha256 },
          display: `${report.model.title}, version ${report.model.version}`,
        },
      },
    ],
  };
}
