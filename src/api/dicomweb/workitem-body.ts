import type { FastifyRequest } from 'fastify';
import { readDicomJson } from '../../dicom/dicom-json-reader.js';
import type { DicomJson } from '../../dicom/dicom-json.js';
import { readDicomXml } from '../../dicom/dicom-xml-reader.js';
import { Fault } from '../../faults.js';
import { parseMediaType } from '../media-types.js';
import { DICOM_JSON, DICOM_XML } from './dataset-body.js';

/** A workitem is text about work; what is larger than this is none. */
const LIMIT_BYTES = 2 ** 20;

/** The body is not one workitem. */
export class MalformedWorkitem extends Fault {
  readonly code = 'malformed-workitem';
  readonly status = 400;

  constructor(why: string) {
    super(`The body must be one workitem: ${why}.`);
  }
}

/** The body is larger than a workitem may be. */
export class WorkitemTooLarge extends Fault {
  readonly code = 'workitem-too-large';
  readonly status = 413;

  constructor() {
    super(`A workitem may have ${LIMIT_BYTES} bytes at most.`);
  }
}

/** The body comes in a form that is not read. */
export class NotWorkitemBody extends Fault {
  readonly code = 'not-a-workitem-body';
  readonly status = 415;

  constructor() {
    super(`The body must be ${DICOM_JSON} or ${DICOM_XML}, without Content-Encoding.`);
  }
}

/**
 * The one data set of a request's body (PS3.18 11.4.1.2); undefined where there is no body.
 * @throws NotWorkitemBody, WorkitemTooLarge, MalformedWorkitem
 * @throws DicomFault  the data set is malformed
 */
export async function workitemBody(request: FastifyRequest): Promise<DicomJson | undefined> {
  const { mediaType } = parseMediaType(request.headers['content-type'] ?? DICOM_JSON);
  const isParsed = mediaType === 'application/json'; // Fastify has read it
  const bytes = isParsed ? Buffer.from(JSON.stringify(request.body)) : await bodyBytes(request);
  if (bytes.length === 0) return undefined;
  if (!isParsed && mediaType !== DICOM_JSON && mediaType !== DICOM_XML) throw new NotWorkitemBody();
  const [dataset, another] = mediaType === DICOM_XML ? [readDicomXml(bytes)] : readDicomJson(bytes);
  if (dataset === undefined || another !== undefined) throw new MalformedWorkitem('there must be one data set');
  if (dataset instanceof Fault) throw dataset;
  requireText(dataset);
  return dataset;
}

async function bodyBytes(request: FastifyRequest): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > LIMIT_BYTES) {
      request.raw.resume(); // held back, the rest would hold the connection
      throw new WorkitemTooLarge();
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Neither the database nor DICOM has U+0000 or half a surrogate pair in text. JSON writes both, and only them, as such escapes. */
function requireText(dataset: DicomJson): void {
  if (/(?<!\\)(\\\\)*\\u(0000|d[89a-f])/i.test(JSON.stringify(dataset)))
    throw new MalformedWorkitem('a value has a character that no value has');
}
