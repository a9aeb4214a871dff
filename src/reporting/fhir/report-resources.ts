import type { FhirResource } from 'fhir/r4.js';
import type { PreliminaryReport } from '../preliminary-report.js';
import { deviceResource } from './device.js';
import { diagnosticReport } from './diagnostic-report.js';
import { findingObservation } from './finding-observation.js';
import { modelCardResource } from './model-card.js';
import { provenanceResource } from './provenance.js';
import { qualityObservation } from './quality-observation.js';

type Identified = FhirResource & { id: string };

/** Every resource of a report. Patient, ImagingStudy and Endpoint are the archive's: they are referred to. */
export function reportResources(report: PreliminaryReport): Identified[] {
  const observations = [
    ...report.findings.map((finding) => findingObservation(report, finding)),
    ...report.images.map((image) => qualityObservation(report, image)),
  ];
  const diagnostic = diagnosticReport(
    report,
    observations.map(({ id }) => id),
  );
  return [
    modelCardResource(report),
    deviceResource(report),
    ...observations,
    diagnostic,
    provenanceResource(report, [diagnostic, ...observations]),
  ];
}
