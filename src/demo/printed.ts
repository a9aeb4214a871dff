import type { StudyOutcome } from './study-outcome.js';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** A study's outcome for a person to read: the report, or why there is none, and the milliseconds of each step. */
export function describeOutcome(studyInstanceUID: string, outcome: StudyOutcome | undefined, msSinceStored: number): string {
  const lines = ['', `Study ${studyInstanceUID}`];
  if (!outcome) return [...lines, '  NO ANSWER: neither a report nor a reason came in time.'].join('\n');
  const readings = outcome.series
    .flatMap(({ instances }) => instances)
    .filter(({ derived }) => !derived)
    .flatMap((one) => one.readings);
  for (const report of outcome.reports) {
    lines.push(`  PRELIMINARY REPORT ${report.id}, version ${report.version}`);
    if (report.model) lines.push(`  by ${report.model.title}, version ${report.model.version}`);
    for (const { label, probability, uncertainty, verdict, provider } of report.findings)
      lines.push(
        `    ${label}: ${verdict.toLowerCase().replace('_', '-')}, probability ${percent(probability)}${uncertainty === null ? '' : `, uncertainty ${percent(uncertainty)}`} (${provider})`,
      );
    lines.push(`    ${report.conclusion}`);
  }
  for (const { quality, timings } of readings)
    if (quality && timings)
      lines.push(
        `  image quality ${quality.score} of 100; decode ${timings.decode.toFixed(1)} ms, prepare ${timings.prepare.toFixed(1)} ms, model ${timings.run.toFixed(1)} ms`,
      );
  for (const [reason, count] of countBy(
    readings
      .filter(({ state }) => state !== 'READ')
      .map(({ state, reason }) => `${state === 'FAILED' ? 'failed' : 'not read'}: ${reason ?? 'unknown'}`),
  ))
    lines.push(`  ${reason}${count > 1 ? ` (${count} instances)` : ''}`);
  lines.push(`  known ${msSinceStored} ms after everything was stored`);
  return lines.join('\n');
}

/** Where everything is, with a request for each that can be pasted. */
export const readyAddresses = (url: string): string => `
DICOMweb           ${url}/dicom-web         curl '${url}/dicom-web/studies?limit=5'
FHIR R4            ${url}/fhir              curl '${url}/fhir/DiagnosticReport?_count=5'
GraphQL            ${url}/graphql           curl '${url}/graphql' -H 'Content-Type: application/json' -d '{"query":"{ reports(first: 5) { edges { node { conclusion findings { label probability } } } } }"}'
API documentation  ${url}/docs              curl '${url}/docs/openapi.json'
Health             ${url}/health            curl '${url}/health'
`;

function countBy(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
