import type { Bundle, DiagnosticReport, FhirResource } from 'fhir/r4.js';
import { firstText, tag } from '../../src/dicom/dicom-json.js';
import { phantom } from '../../src/demo/phantom.js';
import type { PhantomOptions } from '../../src/demo/phantom-options.js';
import { writePart10 } from '../../src/dicom/part10-writer.js';
import { eventually, type Wetread } from './wetread.js';

/** A phantom as its sender knows it. */
export interface PhantomInstance {
  readonly bytes: Buffer;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly patientID: string;
  readonly patientBirthDate: string;
  readonly accessionNumber: string;
}

let seed = 1_000;

/** A chest phantom of 256 × 256, of a patient of its own unless a seed is given. */
export function aPhantom(said: Partial<PhantomOptions> = {}): PhantomInstance {
  const { dataset, pixelData } = phantom({
    opacity: true,
    photometricInterpretation: 'MONOCHROME2',
    seed: (seed += 1),
    rows: 256,
    columns: 256,
    ...said,
  });
  const text = (group: number, element: number): string => firstText(dataset, tag(group, element)) ?? '';
  return {
    bytes: writePart10(dataset, { pixelData }),
    studyInstanceUID: text(0x0020, 0x000d),
    seriesInstanceUID: text(0x0020, 0x000e),
    sopInstanceUID: text(0x0008, 0x0018),
    patientID: text(0x0010, 0x0020),
    patientBirthDate: text(0x0010, 0x0030),
    accessionNumber: text(0x0008, 0x0050),
  };
}

/** The resources that a FHIR search finds, by its first page. */
export async function found<T extends FhirResource>(wetread: Wetread, search: string): Promise<T[]> {
  const { entry = [] } = await wetread.json<Bundle<T>>(`/fhir/${search}`, 'application/fhir+json');
  return entry.flatMap(({ resource }) => resource ?? []);
}

export const imagingStudyOf = (studyInstanceUID: string): string => `ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:${studyInstanceUID}`;

/** The report of a study, as an EHR finds it: the study by its UID, then the report by the study. */
export function reportOf(wetread: Wetread, studyInstanceUID: string, version = '1'): Promise<DiagnosticReport> {
  return eventually(async () => {
    const [study] = await found(wetread, imagingStudyOf(studyInstanceUID));
    if (!study) return undefined;
    const [report] = await found<DiagnosticReport>(wetread, `DiagnosticReport?imagingStudy=ImagingStudy/${study.id}`);
    return report?.meta?.versionId === version ? report : undefined;
  }, `version ${version} of the report`);
}

/** Waits until nothing is left to do; answers what was given up. */
export async function idle(wetread: Wetread): Promise<{ kind: string; subject: string; last_fault: string }[]> {
  await eventually(async () => {
    const [{ left }] = await wetread.sql<{ left: number }>(`SELECT count(*)::int AS left FROM work WHERE state <> 'dead'`);
    return left === 0 ? true : undefined;
  }, 'end of the work');
  return wetread.sql(`SELECT kind, subject, last_fault FROM work WHERE state = 'dead'`);
}

/** What the ledger says of an action, oldest first. */
export async function onRecord(
  wetread: Wetread,
  action: string,
): Promise<{ actor: string; entity: { type: string; id: string; version?: number }; reason: string; changes: Record<string, unknown> }[]> {
  const rows = await wetread.sql<{ event: string }>(`SELECT event FROM ledger_record WHERE event::jsonb ->> 'action' = $1 ORDER BY id`, [
    action,
  ]);
  return rows.map(({ event }) => JSON.parse(event));
}

/** Asks the graph; answers data and errors as they are. */
export async function graph<T>(
  wetread: Wetread,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<{ status: number; data: T; errors?: { message: string; extensions?: Record<string, unknown> }[]; text: string }> {
  const answer = await wetread.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await answer.text();
  return { status: answer.status, text, ...JSON.parse(text) };
}
