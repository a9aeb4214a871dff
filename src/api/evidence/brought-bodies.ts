import type { FastifyRequest } from 'fastify';
import type { DicomJson } from '../../dicom/dicom-json.js';
import { Part10Reader } from '../../dicom/part10-header.js';
import type { Brought } from '../../evidence/studies/imports/brought.js';
import { Fault } from '../../faults.js';
import { parseMediaType } from '../media-types.js';
import { textBody, UnfitBody } from './asked.js';
import { CSV } from './csv-bodies.js';

/** Parsed to text by the wire of /fhir, whose parsers are the whole server's. */
const FHIR_JSON = 'application/fhir+json';
const DICOM = 'application/dicom';
/** What readings and labels are brought in. */
export const BROUGHT_FORMS = [CSV, FHIR_JSON, DICOM] as const;

/** A report of 10,000 readings, deflated or not; it has no pixels. */
const MOST_SR_BYTES = 8 * 2 ** 20;

/** A structured report is larger than any is. */
class ReportTooLarge extends Fault {
  readonly code = 'too-large';
  readonly status = 413;

  constructor() {
    super(`A structured report has ${MOST_SR_BYTES / 2 ** 20} MiB at most.`);
  }
}

/** What a request brings, by its media type. @throws UnfitBody, ReportTooLarge, DicomFault */
export async function broughtBy(request: FastifyRequest, body: unknown): Promise<Brought> {
  const { mediaType } = parseMediaType(request.headers['content-type'] ?? '');
  if (mediaType === DICOM) return { form: 'sr', dataset: await reportIn(request) };
  if (mediaType === FHIR_JSON) return { form: 'fhir', text: textBody(body, FHIR_JSON) };
  if (mediaType !== CSV) throw new UnfitBody('', `must be ${BROUGHT_FORMS.join(', ')}`);
  return { form: 'csv', text: textBody(body, CSV) };
}

/** A DICOM file's data set; the wire leaves the stream of such a body alone. */
async function reportIn({ raw, headers }: FastifyRequest): Promise<DicomJson> {
  if (Number(headers['content-length'] ?? 0) > MOST_SR_BYTES) throw new ReportTooLarge();
  const reader = new Part10Reader({ inflatedBytes: MOST_SR_BYTES });
  let bytes = 0;
  // Not destroyed with the loop: its socket must still carry the answer.
  for await (const chunk of raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_SR_BYTES) throw new ReportTooLarge();
    await reader.push(chunk);
  }
  return (await reader.end()).dataset;
}
