import type { FastifyRequest } from 'fastify';
import { readDicomJsonChange, type DicomJsonChange } from '../../dicom/dicom-json-reader.js';
import { Fault } from '../../faults.js';
import { parseMediaType } from '../media-types.js';
import { DICOM_JSON } from './dataset-body.js';
import { decoderOf, RequestBytes } from './request-bytes.js';

const MIB = 2 ** 20;
const LARGEST_MIB = 4;

/** A change comes as application/dicom+json. */
export class NotDicomJsonBody extends Fault {
  readonly code = 'not-a-dicom-json-body';
  readonly status = 415;

  constructor() {
    super(`The body must be ${DICOM_JSON}: one data set of the attributes to change.`);
  }
}

/** More than any attributes that are changed by hand. */
export class ChangeTooLarge extends Fault {
  readonly code = 'change-too-large';
  readonly status = 413;

  constructor() {
    super(`A change may have ${LARGEST_MIB} MiB at most.`);
  }
}

/**
 * The change that a request's body asks for.
 * @throws NotDicomJsonBody, EncodedBody  415; ChangeTooLarge  413; MalformedMetadata, UnwritableValue, MalformedEncoding  400
 */
export async function changeBody({ headers, raw }: FastifyRequest): Promise<DicomJsonChange> {
  try {
    if (parseMediaType(headers['content-type'] ?? '').mediaType !== DICOM_JSON) throw new NotDicomJsonBody();
    const decoder = decoderOf(headers['content-encoding']);
    if (Number(headers['content-length'] ?? 0) > LARGEST_MIB * MIB) throw new ChangeTooLarge();
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of new RequestBytes(raw, decoder, 2 * LARGEST_MIB)) {
      bytes += piece.length;
      if (bytes > LARGEST_MIB * MIB) throw new ChangeTooLarge();
      pieces.push(piece);
    }
    return readDicomJsonChange(Buffer.concat(pieces));
  } finally {
    raw.resume(); // what nobody read is passed over: held back, it would hold the connection
  }
}
