import type { CompositionSection, Composition, DiagnosticReport, Provenance, Reference } from 'fhir/r4.js';
import { narrative } from '../../records/narrative.js';
import { resourceId } from '../../records/resource-id.js';

/** A report can be unfinished, or stand; a document of one that is not to be used says so (R4 composition-status). */
const STATUS: Readonly<Record<string, Composition['status']>> = {
  final: 'final',
  amended: 'amended',
  corrected: 'amended',
  appended: 'amended',
  cancelled: 'entered-in-error',
  'entered-in-error': 'entered-in-error',
};

/**
 * The first resource of a report's document (R4 composition.html; HL7 Europe imaging report: one section a subject).
 * @param reviews  the Provenances of its reviews on this server: they alone say who attested it, and when
 */
export function compositionOf(
  report: DiagnosticReport & { id: string },
  author: Reference,
  reviews: readonly Provenance[],
): Composition & { id: string } {
  const { subject, issued, code, conclusion = '', result = [], imagingStudy = [], resultsInterpreter = [], id, meta } = report;
  const title = code.text ?? code.coding?.[0].display ?? 'Diagnostic report';
  const section = (name: string, words: string, entry: readonly Reference[]): CompositionSection[] =>
    entry.length === 0 ? [] : [{ title: name, text: narrative(words), entry: [...entry] }];
  const stands = ['final', 'amended'].includes(report.status);
  const last = reviews.toSorted((a, b) => (a.recorded < b.recorded ? 1 : -1)).at(0);
  const signed = stands && last !== undefined ? last.agent.slice(0, 1).map(({ who }) => ({ party: who, time: last.recorded })) : [];
  return {
    resourceType: 'Composition',
    id: resourceId('Composition', id, meta?.versionId ?? ''),
    text: narrative(title, conclusion),
    status: STATUS[report.status] ?? 'preliminary',
    type: code,
    ...(subject && { subject }),
    date: issued ?? meta?.lastUpdated ?? '',
    author: resultsInterpreter.length > 0 ? resultsInterpreter : [author],
    title,
    ...(signed.length > 0 && { attester: signed.map((one) => ({ mode: 'legal' as const, ...one })) }),
    section: [
      ...section('Report', conclusion === '' ? title : conclusion, [{ reference: `DiagnosticReport/${id}` }]),
      ...section('Findings', `${result.length} results`, result),
      ...section('Imaging study', 'The images that were read', imagingStudy),
    ],
  };
}
