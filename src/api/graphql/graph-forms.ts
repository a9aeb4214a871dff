import { storedDataset } from '../../archive/studies.js';
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../archive/studies.sql.js';
import { firstText, tag } from '../../dicom/dicom-json.js';
import type { Models } from '../../inference/models.js';
import { modelKey } from '../../inference/model-key.js';
import type { ReadingRow } from '../../inference/readings.sql.js';
import type { LoadedModel } from '../../inference/registry.js';
import type { ReportRow } from '../../reporting/reports.sql.js';
import {
  GraphReadingState,
  type GraphInstance,
  type GraphModel,
  type GraphReading,
  type GraphReport,
  type GraphSeries,
  type GraphStudy,
} from './graph-types.js';

const orNull = (text: string): string | null => (text === '' ? null : text);

export function graphStudy(row: StudySummary): GraphStudy {
  const attributes = storedDataset(row.attributes);
  return {
    row: row.id,
    id: String(row.id),
    studyInstanceUID: row.studyInstanceUID,
    studyDate: orNull(row.studyDate),
    storedAt: row.storedAt,
    studyDescription: firstText(attributes, tag(0x0008, 0x1030)) ?? null,
    accessionNumber: orNull(row.accessionNumber),
    patientID: orNull(row.patientID),
    patientName: firstText(attributes, tag(0x0010, 0x0010)) ?? null,
  };
}

export const graphSeries = (row: SeriesSummary): GraphSeries => ({
  row: row.id,
  seriesInstanceUID: row.seriesInstanceUID,
  modality: orNull(row.modality),
  seriesNumber: row.seriesNumber,
  seriesDescription: firstText(storedDataset(row.attributes), tag(0x0008, 0x103e)) ?? null,
});

export const graphInstance = ({ id, ...row }: InstanceSummary): GraphInstance => ({ row: id, ...row });

const STATES: Readonly<Record<ReadingRow['state'], GraphReadingState>> = {
  read: GraphReadingState.READ,
  'not-read': GraphReadingState.NOT_READ,
  failed: GraphReadingState.FAILED,
};

export const graphReading = ({ reading, ...row }: ReadingRow): GraphReading => ({
  modelName: row.modelName,
  modelVersion: row.modelVersion,
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

export const graphReport = (row: ReportRow): GraphReport => row;

export function graphModel({ card, sha256 }: LoadedModel, models: Models): GraphModel {
  const status = models.engine.providers().find(({ model }) => model === modelKey(card));
  return {
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
