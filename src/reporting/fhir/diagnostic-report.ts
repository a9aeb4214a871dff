import type { Attachment, DiagnosticReport } from 'fhir/r4.js';
import { createHash } from 'node:crypto';
import { escaped, narrative } from '../../records/narrative.js';
import { percent, type PreliminaryReport } from '../preliminary-report.js';
import { AI_META, cardCode, RADIOLOGY, studyCode, WETREAD_REPORT } from './codes.js';
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
    meta: AI_META,
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
    presentedForm: [attachment('text/html', htmlForm(report)), attachment('text/plain', report.conclusion)],
  };
}

/** The report as a page by itself: no script, no style from elsewhere. */
function htmlForm({ conclusion, model, findings, issued }: PreliminaryReport): string {
  const rows = findings.map(
    ({ modelClass, probability, verdict }) =>
      `<tr><td>${escaped(modelClass.label)}</td><td>${verdict}</td><td>${percent(probability)}</td></tr>`,
  );
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Preliminary report</title></head><body><h1>Preliminary report</h1>
<p>${escaped(conclusion)}</p><table><tr><th>Finding</th><th>Verdict</th><th>Probability</th></tr>${rows.join('')}</table>
<p>${escaped(model.title)}, version ${escaped(model.version)}, issued ${issued.toISOString()}</p></body></html>`;
}

function attachment(contentType: string, text: string): Attachment {
  const bytes = Buffer.from(text, 'utf8');
  return {
    contentType: `${contentType}; charset=utf-8`,
    language: 'en',
    data: bytes.toString('base64'),
    size: bytes.length,
    hash: createHash('sha1').update(bytes).digest('base64'),
    title: 'Preliminary report',
  };
}
