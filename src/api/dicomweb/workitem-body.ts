import type { FastifyRequest } from 'fastify';
import type { DicomElement, DicomJson, DicomValue } from '../../dicom/dicom-json.js';
import { isKnownVr } from '../../dicom/value-representations.js';
import { Fault } from '../../faults.js';
import { parseMediaType } from '../media-types.js';
import { DICOM_JSON } from './dataset-body.js';

/** A workitem is text about work; what is larger than this is none. */
const LIMIT_BYTES = 2 ** 20;
const DEEPEST = 16;

/** The body is no DICOM JSON (PS3.18 Annex F) of one workitem. */
export class MalformedWorkitem extends Fault {
  readonly code = 'malformed-workitem';
  readonly status = 400;

  constructor(why: string) {
    super(`The body must be one workitem in DICOM JSON: ${why}.`);
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
    super(`The body must be ${DICOM_JSON}.`);
  }
}

/**
 * The one data set of a request's body (PS3.18 11.4.1.2); undefined where there is no body.
 * @throws NotWorkitemBody, WorkitemTooLarge, MalformedWorkitem
 */
export async function workitemBody(request: FastifyRequest): Promise<DicomJson | undefined> {
  const { mediaType } = parseMediaType(request.headers['content-type'] ?? DICOM_JSON);
  if (mediaType === 'application/json') return dataset(request.body); // Fastify has read it
  const text = await bodyText(request);
  if (text.trim() === '') return undefined;
  if (mediaType !== DICOM_JSON) throw new NotWorkitemBody();
  try {
    return dataset(JSON.parse(text));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new MalformedWorkitem('it is no JSON');
  }
}

async function bodyText(request: FastifyRequest): Promise<string> {
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
  return Buffer.concat(pieces).toString('utf8');
}

/** An array of one data set, as the standard has it, or the data set alone, as many clients do. */
function dataset(json: unknown): DicomJson {
  const given: unknown = Array.isArray(json) && json.length === 1 ? json[0] : json;
  if (Array.isArray(given)) throw new MalformedWorkitem('there must be one data set');
  return checked(given, 1);
}

function checked(json: unknown, depth: number): DicomJson {
  if (depth > DEEPEST) throw new MalformedWorkitem('sequences are nested too deep');
  if (!isObject(json)) throw new MalformedWorkitem('a data set must be an object');
  return Object.fromEntries(
    Object.entries(json).map(([tag, element]): [string, DicomElement] => {
      if (!/^[0-9A-Fa-f]{8}$/.test(tag)) throw new MalformedWorkitem('a tag is eight hexadecimal digits');
      return [tag.toUpperCase(), checkedElement(element, depth)];
    }),
  );
}

function checkedElement(json: unknown, depth: number): DicomElement {
  if (!isObject(json) || typeof json['vr'] !== 'string' || !isKnownVr(json['vr'])) throw new MalformedWorkitem('an attribute has a VR');
  const { vr, Value, InlineBinary } = json;
  if (typeof InlineBinary === 'string') return { vr, InlineBinary: plain(InlineBinary) };
  if (Value === undefined) return { vr };
  if (!Array.isArray(Value)) throw new MalformedWorkitem('Value is an array');
  return { vr, Value: Value.map((value) => checkedValue(value, vr, depth)) };
}

function checkedValue(value: unknown, vr: string, depth: number): DicomValue {
  if (vr === 'SQ') return checked(value ?? {}, depth + 1);
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'string') return plain(value);
  if (vr !== 'PN' || !isObject(value)) throw new MalformedWorkitem('a value is a text, a number or, of a PN, its groups');
  const groups = ['Alphabetic', 'Ideographic', 'Phonetic'].filter((group) => typeof value[group] === 'string');
  return Object.fromEntries(groups.map((group) => [group, plain(String(value[group]))]));
}

/** Neither the database nor DICOM has U+0000 in text. */
function plain(text: string): string {
  if (text.includes('\0')) throw new MalformedWorkitem('a value has a character that no value has');
  return text.toWellFormed();
}

const isObject = (json: unknown): json is Record<string, unknown> => typeof json === 'object' && json !== null && !Array.isArray(json);
