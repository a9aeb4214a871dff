import type { DocumentReference } from 'fhir/r4.js';
import { MEDIA } from '../written/payload.js';
import { PATHS } from '../study/paths.js';
import type { StudyView } from '../study/study-view.js';
import { instantOf, nonEmpty, type Addresses } from './addresses.js';

/** The report within this package. */
export const reportReference = ({ file }: StudyView, { study, organisation }: Addresses): DocumentReference => ({
  resourceType: 'DocumentReference',
  status: 'current',
  identifier: [{ system: 'urn:wetread:study', value: file.identifier }],
  description: nonEmpty(`Report of ${file.title}`),
  date: instantOf(file.analysis.at),
  custodian: { reference: organisation },
  content: [
    { attachment: { contentType: 'text/html', url: `../${PATHS.report}`, title: nonEmpty(file.title) } },
    { attachment: { contentType: MEDIA.pdf, url: `../${PATHS.reportPdf}`, title: nonEmpty(file.title) } },
  ],
  context: { related: [{ reference: study }] },
});
