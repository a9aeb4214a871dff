import { FRAME_MEDIA_TYPES } from '../../dicom/frame-media-types.js';
import { RENDERED_FORMATS } from './rendered-images.js';

/** What a transaction of the Studies Service is called, takes and gives: what a Capabilities Description says of it beside its path (PS3.18 Annex H). */
export interface Transaction {
  /** The transaction and its resource in the words of PS3.18. */
  readonly id: string;
  readonly query?: readonly string[];
  /** Media types of the request's body. */
  readonly takes?: readonly string[];
  /** Media types of the answer, the default one first. */
  readonly gives: readonly string[];
}

const PARTS = 'multipart/related; type=';
const DICOM = ['application/dicom'];
const DICOM_PARTS = [`${PARTS}"application/dicom"`];
const DATASETS = ['application/dicom+json', 'application/json', `${PARTS}"application/dicom+xml"`];
const OCTETS = [`${PARTS}"application/octet-stream"`, 'application/octet-stream'];
const FRAMES_FORMS = FRAME_MEDIA_TYPES.filter(({ video }) => !video).flatMap(({ mediaType }) => [`${PARTS}"${mediaType}"`, mediaType]);
const IMAGES = RENDERED_FORMATS.map(([mediaType]) => mediaType);

const NEGOTIATION = ['accept', 'charset'];
const SEARCH = [...NEGOTIATION, 'emptyvaluematching', 'fuzzymatching', 'includefield', 'limit', 'multiplevaluematching', 'offset'];
const RENDERING = [...NEGOTIATION, 'annotation', 'iccprofile', 'quality', 'viewport', 'window'];

const search = (id: string): Transaction => ({ id, query: SEARCH, gives: DATASETS });
const metadata = (id: string): Transaction => ({ id, query: NEGOTIATION, gives: DATASETS });
const rendered = (id: string): Transaction => ({ id, query: RENDERING, gives: IMAGES });
const thumbnail = (id: string): Transaction => ({ id, query: [...NEGOTIATION, 'viewport'], gives: IMAGES });
const store = (id: string): Transaction => ({
  id,
  query: NEGOTIATION,
  takes: [...DICOM_PARTS, `${PARTS}"application/dicom+json"`, `${PARTS}"application/dicom+xml"`, ...DICOM],
  gives: ['application/dicom+json', 'application/dicom+xml'],
});

const change = (id: string): Transaction => ({ id, query: ['reason'], takes: ['application/dicom+json'], gives: [] });
const remove = (id: string): Transaction => ({ id, gives: [] });

const STUDY = '/studies/:';
const SERIES = `${STUDY}/series/:`;
const INSTANCE = `${SERIES}/instances/:`;
const FRAMES = `${INSTANCE}/frames/:`;
const WORKITEM = '/workitems/:';
const dataset = ['application/dicom+json', 'application/dicom+xml'];

/** The transactions of PS3.18 (table H-1, with those that later supplements brought) by method and path below the service's base, a colon for each parameter. */
const TRANSACTIONS: Readonly<Record<string, Transaction>> = {
  'GET /studies': search('SearchForStudies'),
  'GET /series': search('SearchForSeries'),
  'GET /instances': search('SearchForInstances'),
  [`GET ${STUDY}/series`]: search('SearchForStudySeries'),
  [`GET ${STUDY}/instances`]: search('SearchForStudyInstances'),
  [`GET ${SERIES}/instances`]: search('SearchForStudySeriesInstances'),
  'POST /studies': store('StoreInstances'),
  [`POST ${STUDY}`]: store('StoreStudyInstances'),
  // These are not of PS3.18.
  [`DELETE ${STUDY}`]: remove('DeleteStudy'),
  [`DELETE ${SERIES}`]: remove('DeleteSeries'),
  [`DELETE ${INSTANCE}`]: remove('DeleteInstance'),
  [`PATCH ${STUDY}/metadata`]: change('ChangeStudyAttributes'),
  [`PATCH ${SERIES}/metadata`]: change('ChangeSeriesAttributes'),
  [`PATCH ${INSTANCE}/metadata`]: change('ChangeInstanceAttributes'),
  [`GET ${INSTANCE}/original`]: { id: 'RetrieveOriginalInstance', query: NEGOTIATION, gives: DICOM },
  [`GET ${STUDY}`]: { id: 'RetrieveStudy', query: NEGOTIATION, gives: DICOM_PARTS },
  [`GET ${SERIES}`]: { id: 'RetrieveSeries', query: NEGOTIATION, gives: DICOM_PARTS },
  [`GET ${INSTANCE}`]: { id: 'RetrieveInstance', query: NEGOTIATION, gives: [...DICOM_PARTS, ...DICOM] },
  [`GET ${STUDY}/metadata`]: metadata('RetrieveStudyMetadata'),
  [`GET ${SERIES}/metadata`]: metadata('RetrieveSeriesMetadata'),
  [`GET ${INSTANCE}/metadata`]: metadata('RetrieveInstanceMetadata'),
  [`GET ${FRAMES}`]: { id: 'RetrieveFrames', query: NEGOTIATION, gives: FRAMES_FORMS },
  [`GET ${STUDY}/bulkdata`]: { id: 'RetrieveStudyBulkdata', query: NEGOTIATION, gives: OCTETS },
  [`GET ${SERIES}/bulkdata`]: { id: 'RetrieveSeriesBulkdata', query: NEGOTIATION, gives: OCTETS },
  [`GET ${INSTANCE}/bulkdata`]: { id: 'RetrieveInstanceBulkdata', query: NEGOTIATION, gives: OCTETS },
  [`GET ${INSTANCE}/bulkdata/*`]: { id: 'RetrieveBulkdata', query: NEGOTIATION, gives: OCTETS },
  [`GET ${STUDY}/pixeldata`]: { id: 'RetrieveStudyPixelData', query: NEGOTIATION, gives: OCTETS },
  [`GET ${SERIES}/pixeldata`]: { id: 'RetrieveSeriesPixelData', query: NEGOTIATION, gives: OCTETS },
  [`GET ${INSTANCE}/pixeldata`]: { id: 'RetrieveInstancePixelData', query: NEGOTIATION, gives: OCTETS },
  [`GET ${STUDY}/rendered`]: rendered('RetrieveRenderedStudy'),
  [`GET ${SERIES}/rendered`]: rendered('RetrieveRenderedSeries'),
  [`GET ${INSTANCE}/rendered`]: rendered('RetrieveRenderedInstance'),
  [`GET ${FRAMES}/rendered`]: rendered('RetrieveRenderedFrames'),
  [`GET ${STUDY}/thumbnail`]: thumbnail('RetrieveStudyThumbnail'),
  [`GET ${SERIES}/thumbnail`]: thumbnail('RetrieveSeriesThumbnail'),
  [`GET ${INSTANCE}/thumbnail`]: thumbnail('RetrieveInstanceThumbnail'),
  [`GET ${FRAMES}/thumbnail`]: thumbnail('RetrieveFrameThumbnail'),
  'GET /workitems': search('SearchForWorkitems'),
  'POST /workitems': { id: 'CreateWorkitem', query: ['workitem'], takes: dataset, gives: [] },
  [`POST ${WORKITEM}`]: { id: 'UpdateWorkitem', query: ['transaction-uid'], takes: dataset, gives: [] },
  [`GET ${WORKITEM}`]: { id: 'RetrieveWorkitem', query: NEGOTIATION, gives: DATASETS },
  [`PUT ${WORKITEM}/state`]: { id: 'ChangeWorkitemState', takes: dataset, gives: [] },
  [`POST ${WORKITEM}/cancelrequest`]: { id: 'RequestWorkitemCancellation', takes: dataset, gives: [] },
  [`PUT ${WORKITEM}/state/:`]: { id: 'ChangeWorkitemStateAsRequester', takes: dataset, gives: [] },
  [`POST ${WORKITEM}/cancelrequest/:`]: { id: 'RequestWorkitemCancellationAsRequester', takes: dataset, gives: [] },
  [`POST ${WORKITEM}/subscribers/:`]: { id: 'Subscribe', query: ['deletionlock', 'filter'], gives: [] },
  [`DELETE ${WORKITEM}/subscribers/:`]: { id: 'Unsubscribe', gives: [] },
  [`POST ${WORKITEM}/subscribers/:/suspend`]: { id: 'SuspendSubscription', gives: [] },
};

/** What PS3.18 calls the transaction of a method and path as the router has it; undefined for one that this table does not know. */
export const transactionAt = (method: string, path: string): Transaction | undefined =>
  TRANSACTIONS[`${method} ${path.replaceAll(/:[^/]+/g, ':')}`];
