import type { Patient } from 'fhir/r4.js';
import { patientResourceId } from '../../archive/fhir/patient.js';
import { storedDataset } from '../../archive/studies.js';
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../archive/studies.sql.js';
import { firstText, tag } from '../../dicom/dicom-json.js';
import type { Models } from '../../inference/models.js';
import { modelKey } from '../../inference/model-key.js';
import type { ReadingRow } from '../../inference/readings.sql.js';
import type { LoadedModel } from '../../inference/registry.js';
import type { RecordedEvent } from '../../ledger/records-about.sql.js';
import type { VersionRow } from '../../records/store/versions.sql.js';
import type { PagedReport } from '../../reporting/report-page.sql.js';
import type { GraphAuditRecord } from './audit-types.js';
import type { GraphModel } from './model-types.js';
import { globalId } from './node-id.js';
import type { GraphPatient } from './patient-types.js';
import { GraphReadingState, type GraphReading } from './reading-types.js';
import type { GraphReport, GraphReportStatus, GraphVerdict } from './report-types.js';
import type { GraphInstance, GraphSeries, GraphStudy } from './study-types.js';

const orNull = (text: string): string | null => (text === '' ? null : text);

/** A thing whose id is made of its study's UID, which only a resolver finds. */
type Nameless<Node> = Omit<Node, 'id'>;

export function graphStudy(row: StudySummary): GraphStudy {
  const attributes = storedDataset(row.attributes);
  return {
    row: row.id,
    patientId: patientResourceId(attributes, row.studyInstanceUID),
    id: globalId('Study', row.studyInstanceUID),
    studyInstanceUID: row.studyInstanceUID,
    studyDate: orNull(row.studyDate),
    storedAt: row.storedAt,
    studyDescription: firstText(attributes, tag(0x0008, 0x1030)) ?? null,
    accessionNumber: orNull(row.accessionNumber),
    patientID: orNull(row.patientID),
    patientName: firstText(attributes, tag(0x0010, 0x0010)) ?? null,
  };
}

export const graphSeries = (row: SeriesSummary): Nameless<GraphSeries> => ({
  row: row.id,
  studyRow: row.studyRow,
  seriesInstanceUID: row.seriesInstanceUID,
  modality: orNull(row.modality),
  seriesNumber: row.seriesNumber,
  seriesDescription: firstText(storedDataset(row.attributes), tag(0x0008, 0x103e)) ?? null,
});

export const graphInstance = ({ id, ...row }: InstanceSummary): Nameless<GraphInstance> => ({ row: id, ...row });

const STATES: Readonly<Record<ReadingRow['state'], GraphReadingState>> = {
  read: GraphReadingState.READ,
  'not-read': GraphReadingState.NOT_READ,
  failed: GraphReadingState.FAILED,
};

export const graphReading = ({ reading, ...row }: ReadingRow): Nameless<GraphReading> => ({
  row: row.id,
  studyRow: row.studyRow,
  instanceRow: row.instanceRow,
  modelName: row.modelName,
  modelVersion: row.modelVersion,
  madeAt: row.madeAt,
  state: STATES[row.state],
  reasonCode: row.reasonCode,
  reason: row.reason,
  probabilities: reading?.probabilities ?? null,
  confidence: reading?.confidence ?? null,
  uncertainty: reading?.uncertainty ?? null,
  predictiveEntropy: reading?.predictiveEntropy ?? null,
  refers: reading?.referral?.refers ?? null,
  predictionSet: reading?.predictionSet ?? null,
  provider: reading?.provider ?? null,
  quality: reading?.quality ?? null,
  timings: reading?.timings ?? null,
});

export const graphReport = ({ findings, patientContent, ...row }: PagedReport): GraphReport => ({
  ...row,
  patient:
    patientContent && row.patientId !== null
      ? graphPatient({ id: row.patientId, content: patientContent })
      : patientContent === null
        ? null
        : undefined,
  // The enums' values are the statuses and verdicts.
  status: row.status as GraphReportStatus,
  findings: findings.map((finding) => ({ ...finding, verdict: finding.verdict as GraphVerdict, reportId: row.id })),
});

export function graphModel({ card, sha256 }: LoadedModel, models: Models): GraphModel {
  const status = models.engine.providers().find(({ model }) => model === modelKey(card));
  return {
    id: globalId('Model', card.name, card.version),
    name: card.name,
    version: card.version,
    title: card.title,
    sha256,
    intendedUse: card.intendedUse,
    limitations: card.limitations,
    notForClinicalUse: card.notForClinicalUse,
    classes: card.classes.map(({ label }) => label),
    provider: status?.accepted ?? null,
    refusedProviders: status?.refused ?? [],
  };
}

/** @param row  of a Patient of the store */
export function graphPatient({ id, content }: Pick<VersionRow, 'id' | 'content'>): GraphPatient {
  const { name = [], identifier = [], birthDate, gender } = JSON.parse(content) as Patient; // the store holds valid resources
  const [first] = name;
  const written = first?.text ?? [first?.family, ...(first?.given ?? [])].filter((part) => part !== undefined).join(' ');
  return {
    id,
    name: orNull(written),
    identifiers: identifier.flatMap(({ system = null, value }) => (value === undefined ? [] : [{ system, value }])),
    birthDate: birthDate ?? null,
    gender: gender ?? 'unknown',
  };
}

export const graphAuditRecord = ({ row, occurredAt, actor, action, entity, reason, changes }: RecordedEvent): GraphAuditRecord => ({
  id: String(row),
  time: new Date(occurredAt),
  actor,
  action,
  entityType: entity.type,
  entityId: entity.id,
  entityVersion: entity.version ?? null,
  reason,
  changes: JSON.stringify(changes),
});
