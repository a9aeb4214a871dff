import type { BulkData } from './bulk-data.js';
import type { DicomJson } from './dicom-json.js';
import type { FrameTable } from './frame-table.js';
import type { Warning } from './reading-notes.js';
import type { SeriesInstanceUID, SOPClassUID, SOPInstanceUID, StudyInstanceUID, TransferSyntaxUID } from './uid.js';

/** What is known of an instance once its file (PS3.10) has passed: all that is ever asked of it but the bulk data. */
export interface Part10Instance {
  /** Group 0002. */
  readonly fileMeta: DicomJson;
  /** The data set; Pixel Data and long values by BulkDataURI, listed in `bulkData`. Text is UTF-8, and (0008,0005) says so. */
  readonly dataset: DicomJson;
  /** (0008,0005) as the file has it; none where it is absent. */
  readonly specificCharacterSet: readonly string[];
  readonly transferSyntaxUID: TransferSyntaxUID;
  readonly studyInstanceUID: StudyInstanceUID;
  readonly seriesInstanceUID: SeriesInstanceUID;
  readonly sopInstanceUID: SOPInstanceUID;
  readonly sopClassUID: SOPClassUID;
  /** Undefined where there is no Pixel Data, or it has not the form that the transfer syntax says. */
  readonly frameTable: FrameTable | undefined;
  readonly bulkData: readonly BulkData[];
  readonly warnings: readonly Warning[];
  /** Where the data set begins in the file; offsets in an inflated data set count from there, after inflation. */
  readonly dataSetOffset: number;
  /** Length of the file. */
  readonly bytes: number;
}
