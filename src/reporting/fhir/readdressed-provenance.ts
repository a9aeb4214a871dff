import type { Provenance } from 'fhir/r4.js';
import { narrative } from '../../records/narrative.js';
import { resourceId } from '../../records/resource-id.js';
import { SOFTWARE_VERSION } from '../../version.js';

/** The Provenance of a report's version that is about another patient than the one before it. */
export const readdressedId = (reportId: string, version: number): string =>
  resourceId('Provenance', reportId, 'readdressed', String(version));

/**
 * Says that a report became another patient's, as its study's attributes were changed in the archive: nobody read or signed it anew
 * (R4 provenance.html). @param version  the report's new one
 */
export const readdressedProvenance = (reportId: string, version: number, now: Date): Provenance & { id: string } => ({
  resourceType: 'Provenance',
  id: readdressedId(reportId, version),
  text: narrative('The patient of the study was changed in the archive; the report was neither read nor signed anew.'),
  target: [{ reference: `DiagnosticReport/${reportId}/_history/${version}` }],
  occurredDateTime: now.toISOString(),
  recorded: now.toISOString(),
  reason: [{ text: 'The patient of the study was changed in the archive' }],
  activity: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', code: 'UPDATE', display: 'revise' }] },
  agent: [
    {
      type: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code: 'assembler', display: 'Assembler' }],
      },
      who: { display: `wetread ${SOFTWARE_VERSION}` },
    },
  ],
  entity: [{ role: 'revision', what: { reference: `DiagnosticReport/${reportId}/_history/${version - 1}` } }],
});
