import { type DicomJson } from '../dicom/dicom-json.js';
import type { ChangeableInstance, ChangeableSeries, ChangeableStudy, ChangedInstance } from './change-attributes.sql.js';
import { indexAttributes } from './index-attributes.js';
import type { IndexedInstance } from './insert-instances.sql.js';
import { storedDataset } from './studies.js';

/** What the index keeps of an instance beside its attributes: it stays in the row, and of studies and series there is none. */
const BESIDE = { sha256: '', bytes: 0, frameTable: null, bulkData: '', derived: false, dataSetOffset: 0 };
const NO_INSTANCE = { ...BESIDE, sopInstanceUID: '', sopClassUID: '', transferSyntaxUID: '' };

/** The row of an instance with other attributes. */
export function changedInstance(row: ChangeableInstance, dataset: DicomJson): ChangedInstance {
  const { instanceNumber, metadata, answer } = indexAttributes(dataset, { ...BESIDE, ...row }, row).instance;
  return { id: row.id, instanceNumber, metadata, answer };
}

/** The row of a study with other attributes. */
export const changedStudy = ({ studyInstanceUID }: ChangeableStudy, attributes: DicomJson): IndexedInstance['study'] =>
  indexAttributes(attributes, NO_INSTANCE, { studyInstanceUID, seriesInstanceUID: '' }).study;

/** The row of a series with other attributes, or with other ones of its study, which its answer tells too. */
export const changedSeries = (row: ChangeableSeries, study: string, attributes: DicomJson): IndexedInstance['series'] =>
  indexAttributes({ ...storedDataset(study), ...attributes }, NO_INSTANCE, row).series;
