import type { DiagnosticReport } from 'fhir/r4.js';
import { narrative } from '../../records/narrative.js';
import type { PreliminaryReport } from '../preliminary-report.js';
import { TITLES } from '../standing.js';
import { aiMeta, cardCode, RADIOLOGY, studyCode, WETREAD_REPORT } from './codes.js';
import { presentedForms } from './presented-form.js';
import { studyTime } from '../../archive/fhir/study-time.js';

const UNKNOWN = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };

/** The report as a DiagnosticReport (R4 diagnosticreport.html), status preliminary. */
export function diagnosticReport(report: PreliminaryReport, observationIds: readonly string[]): DiagnosticReport & { id: string } {
  const { study, findings } = report;
  const effective = studyTime(study.attributes);
  const codes = findings.filter(({ verdict }) => verdict === 'present').map(({ modelClass }) => cardCode(modelClass.code));
  return {
    resourceType: 'DiagnosticReport',
    id: report.id,
    meta: aiMeta('ai-report'),
    text: narrative('PRELIMINARY REPORT by an AI model', report.conclusion),
    identifier: [{ system: WETREAD_REPORT, value: report.id }],
    status: 'preliminary',
    category: RADIOLOGY,
    code: studyCode(report.model.input),
    subject: { reference: `Patient/${study.patientId}` },
    // us-core-10: a report that is issued says when the images were made, or that nobody knows.
    ...(effective === undefined ? { _effectiveDateTime: UNKNOWN } : { effectiveDateTime: effective }),
    issued: report.issued.toISOString(),
    imagingStudy: [{ reference: `ImagingStudy/${study.imagingStudyId}` }],
    result: observationIds.map((id) => ({ reference: `Observation/${id}` })),
    conclusion: report.conclusion,
    ...(codes.length > 0 ? { conclusionCode: codes } : {}),
    presentedForm: presentedForms({
      title: TITLES.preliminary,
      conclusion: report.conclusion,
      findings: findings.map(({ modelClass, ...finding }) => ({ ...finding, label: modelClass.label })),
      model: `${report.model.title}, version ${report.model.version}`,
      issued: report.issued,
    }),
  };
}
