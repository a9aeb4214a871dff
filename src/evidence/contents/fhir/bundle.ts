import type { Bundle, FhirResource, Group, MeasureReport, Organization, ResearchStudy } from 'fhir/r4.js';
import type { EndpointView } from '../study/endpoint-view.js';
import { uuidOf } from '../device/sbom.js';
import type { StudyView } from '../study/study-view.js';
import { evidenceOf } from './evidence.js';
import { instantOf, nonEmpty, type Addresses, type Entry } from './addresses.js';
import { signatureEntries } from './signed.js';
import { reportReference } from './report-reference.js';

/** The study as a collection (R4): what it is, whom it is of, what was found, who signed. Statistics that R4 has no element for are in the report's numbers. */
export function studyBundle(view: StudyView, endpoints: readonly EndpointView[]): Bundle {
  const addresses = addressesOf(view);
  const entries: Entry[] = [
    [addresses.organisation, organisation(view)],
    [addresses.study, researchStudy(view, addresses)],
    [addresses.cases, casesGroup(view)],
    ...evidenceOf(view, endpoints, addresses),
    [addresses.of('report'), measureReport(view, endpoints, addresses)],
    ...signatureEntries(view, addresses),
    [addresses.of('document'), reportReference(view, addresses)],
  ];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    identifier: { system: 'urn:wetread:study', value: view.file.identifier },
    timestamp: instantOf(view.file.steps.at(-1)?.at ?? view.file.analysis.at),
    entry: entries.map(([fullUrl, resource]) => ({
      fullUrl,
      resource: { ...resource, id: fullUrl.slice('urn:uuid:'.length) } as FhirResource,
    })),
  };
}

function addressesOf({ file }: StudyView): Addresses {
  const of = (name: string): string => `urn:uuid:${uuidOf(`${file.identifier}\n${name}`)}`;
  return { of, study: of('study'), cases: of('cases'), organisation: of('organisation') };
}

const organisation = ({ file }: StudyView): Organization => ({ resourceType: 'Organization', name: nonEmpty(file.organisation) });

const STATUS: Readonly<Record<string, ResearchStudy['status']>> = {
  draft: 'in-review',
  locked: 'approved',
  running: 'active',
  unblinded: 'active',
  closed: 'completed',
  terminated: 'administratively-completed',
};

function researchStudy({ file, protocol }: StudyView, { cases, organisation: sponsor }: Addresses): ResearchStudy {
  const [first, last] = [file.steps[0]?.at, file.steps.at(-1)?.at];
  return {
    resourceType: 'ResearchStudy',
    identifier: [{ system: 'urn:wetread:study', value: file.identifier }],
    title: nonEmpty(file.title),
    status: STATUS[file.steps.at(-1)?.state ?? 'draft'] ?? 'active',
    description: nonEmpty(protocol.protocol.question),
    enrollment: [{ reference: cases }],
    sponsor: { reference: sponsor },
    ...(first === undefined || last === undefined ? {} : { period: { start: instantOf(first), end: instantOf(last) } }),
    objective: protocol.protocol.hypotheses.map((hypothesis) => ({ name: nonEmpty(hypothesis) })),
    ...(protocol.protocol.hypotheses.length === 0 ? { objective: undefined } : {}),
  };
}

/** Pictures, not people: what is counted is cases; keys and patients stay in the tables. */
const casesGroup = ({ file, cases }: StudyView): Group => ({
  resourceType: 'Group',
  type: 'device',
  actual: true,
  name: nonEmpty(`Cases of ${file.title}`),
  quantity: cases.length,
  code: { text: `Cases of the frozen dataset; manifest SHA-256 ${file.dataset.manifestSha256}` },
});

const SCORE_SYSTEM = 'http://unitsofmeasure.org';

/** Every number, a group each: the endpoint's first measures with their limits in words, since R4 has no interval here. */
function measureReport({ file }: StudyView, endpoints: readonly EndpointView[], { organisation: reporter }: Addresses): MeasureReport {
  const [start, end] = [file.steps[0]?.at ?? file.analysis.at, file.steps.at(-1)?.at ?? file.analysis.at];
  return {
    resourceType: 'MeasureReport',
    status: 'complete',
    type: 'summary',
    measure: `urn:wetread:measure:${encodeURIComponent(file.identifier)}`,
    date: instantOf(file.analysis.at),
    reporter: { reference: reporter },
    period: { start: instantOf(start), end: instantOf(end) },
    group: endpoints.flatMap(({ result, measures }) =>
      measures.flatMap(({ name, estimate, limits }) => {
        if (typeof estimate !== 'number') return [];
        const interval = limits[0]?.interval ?? null;
        const words = interval === null ? '' : ` (${limits[0].method}: ${interval[0]} to ${interval[1]})`;
        return [
          {
            code: { text: nonEmpty(`${result.id}, ${result.failures}: ${name}${words}`) },
            population: [{ code: { text: 'cases' }, count: result.trace.cases.length }],
            measureScore: { value: estimate, unit: '1', system: SCORE_SYSTEM, code: '1' },
          },
        ];
      }),
    ),
  };
}
