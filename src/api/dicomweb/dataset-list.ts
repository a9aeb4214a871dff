import type { FastifyReply } from 'fastify';
import type { DicomJson } from '../../dicom/dicom-json.js';
import { dicomXml } from '../../dicom/dicom-xml.js';
import { choices, NotAcceptable } from '../media-types.js';
import { named, type Offer } from '../offer.js';
import { DICOM_JSON, DICOM_XML } from './dataset-body.js';
import { multipartBody, type OutgoingPart } from './multipart-body.js';
import { streamOf } from './send-pieces.js';

/** The forms of several data sets (PS3.18 8.7.3.2): one JSON array, or a part of XML each. */
export const DATASET_LIST: readonly Offer[] = [
  { mediaType: DICOM_JSON },
  { mediaType: 'application/json' },
  { mediaType: DICOM_XML, multipart: true },
];
/** The type of the parts alone: clients ask so too. */
const XML_BY_ITS_PARTS: Offer = { mediaType: DICOM_XML };

/** The media type that matches of a search are given in (PS3.18 10.6.4, 11.9.3). Throws NotAcceptable. */
export function matchesForm(accept: string | undefined): string {
  const [best] = choices(accept, [...DATASET_LIST, XML_BY_ITS_PARTS]);
  if (best === undefined) throw new NotAcceptable(DATASET_LIST.map(named));
  return best.offer.mediaType;
}

/** Sends matches in the form that `matchesForm` chose. */
export async function sendMatches<T>(
  reply: FastifyReply,
  form: string,
  matches: readonly T[],
  textOf: (match: T) => string,
  datasetOf: (match: T) => DicomJson,
): Promise<void> {
  // Bytes: to a text Fastify would add a charset, which JSON has none of (RFC 8259 11).
  if (form !== DICOM_XML) return void (await reply.type(form).send(Buffer.from(`[${matches.map(textOf).join(',')}]`)));
  if (matches.length === 0) return void (await reply.code(204).send()); // a multipart body has at least one part
  function* datasets(): Generator<DicomJson> {
    for (const match of matches) yield datasetOf(match); // each when its turn comes: XML is many times as long
  }
  const { pieces, contentType } = multipartBody(DICOM_XML, xmlParts(datasets()));
  await reply.type(contentType).send(streamOf(pieces));
}

/** Data sets as parts of XML (PS3.19 A.1). */
export async function* xmlParts(datasets: AsyncIterable<DicomJson> | Iterable<DicomJson>): AsyncGenerator<OutgoingPart> {
  for await (const dataset of datasets) {
    const xml = Buffer.from(dicomXml(dataset));
    yield { headers: [`Content-Type: ${DICOM_XML}`, `Content-Length: ${xml.length}`], body: () => [xml] };
  }
}
