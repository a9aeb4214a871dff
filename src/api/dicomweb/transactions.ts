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
const IMAGES = ['image/jpeg', 'image/png'];

const NEGOTIATION = ['accept', 'charset'];
const SEARCH = [...NEGOTIATION, 'fuzzymatching', 'includefield', 'limit', 'offset'];
const RENDERING = [...NEGOTIATION, 'annotation', 'iccprofile', 'quality', 'viewport', 'window'];

const search = (id: string): Transaction => ({ id, query: SEARCH, gives: DATASETS });
const metadata = (id: string): Transaction => ({ id, query: NEGOTIATION, gives: DATASETS });
const rendered = (id: string): Transaction => ({ id, query: RENDERING, gives: IMAGES });
const store = (id: string): Transaction => ({
  id,
  query: NEGOTIATION,
  takes: [...DICOM_PARTS, ...DICOM],
  gives: ['application/dicom+json', 'application/dicom+xml'],
});

const remove = (id: string): Transaction => ({ id, gives: [] });

const STUDY = '/studies/:study';
const SERIES = `${STUDY}/series/:series`;
const INSTANCE = `${SERIES}/instances/:instance`;

/** By method and path below the service's base, as the router has it. */
export const TRANSACTIONS: Readonly<Record<string, Transaction>> = {
  'GET /studies': search('SearchForStudies'),
  'GET /series': search('SearchForSeries'),
  'GET /instances': search('SearchForInstances'),
  [`GET ${STUDY}/series`]: search('SearchForStudySeries'),
  [`GET ${STUDY}/instances`]: search('SearchForStudyInstances'),
  [`GET ${SERIES}/instances`]: search('SearchForStudySeriesInstances'),
  // Not of PS3.18: as other archives have it.
  [`DELETE ${STUDY}`]: remove('DeleteStudy'),
  [`DELETE ${SERIES}`]: remove('DeleteSeries'),
  [`DELETE ${INSTANCE}`]: remove('DeleteInstance'),
  'POST /studies': store('StoreInstances'),
  [`POST ${STUDY}`]: store('StoreStudyInstances'),
  [`GET ${STUDY}`]: { id: 'RetrieveStudy', query: NEGOTIATION, gives: DICOM_PARTS },
  [`GET ${SERIES}`]: { id: 'RetrieveSeries', query: NEGOTIATION, gives: DICOM_PARTS },
  [`GET ${INSTANCE}`]: { id: 'RetrieveInstance', query: NEGOTIATION, gives: [...DICOM_PARTS, ...DICOM] },
  [`GET ${STUDY}/metadata`]: metadata('RetrieveStudyMetadata'),
  [`GET ${SERIES}/metadata`]: metadata('RetrieveSeriesMetadata'),
  [`GET ${INSTANCE}/metadata`]: metadata('RetrieveInstanceMetadata'),
  [`GET ${INSTANCE}/frames/:frames`]: { id: 'RetrieveFrames', query: NEGOTIATION, gives: OCTETS },
  [`GET ${INSTANCE}/bulkdata/*`]: { id: 'RetrieveBulkdata', query: NEGOTIATION, gives: OCTETS },
  [`GET ${INSTANCE}/rendered`]: rendered('RetrieveRenderedInstance'),
  [`GET ${INSTANCE}/frames/:frames/rendered`]: rendered('RetrieveRenderedFrames'),
};
