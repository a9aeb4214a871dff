import { multipartParts } from '../src/api/dicomweb/multipart-parts.js';
import type { DicomJson } from '../src/dicom/dicom-json.js';
import { readDicomJson } from '../src/dicom/dicom-json-reader.js';
import { dicomJsonText } from '../src/dicom/dicom-json-text.js';
import { dicomXml } from '../src/dicom/dicom-xml.js';
import { readDicomXml } from '../src/dicom/dicom-xml-reader.js';
import { Part10Reader } from '../src/dicom/part10-header.js';
import { writePart10 } from '../src/dicom/part10-writer.js';
import { transferSyntax } from '../src/dicom/transfer-syntaxes.js';
import { Fault, InternalFault } from '../src/faults.js';
import { mutated, randomOf, type Random } from './fuzz-mutators.js';
import { fileSeeds, metadataSeeds, multipartSeeds, oddDataSets } from './fuzz-seeds.js';

/** A reader under fuzz: how its cases are made, and what must hold of each. */
export interface FuzzTarget {
  readonly makeCase: (number: number) => Buffer;
  /** Throws where a promise of the reader is broken. A Fault that the reader throws is its good right. */
  readonly check: (bytes: Buffer, random: Random) => Promise<void>;
}

const hex = (...all: readonly string[]): Buffer[] => all.map((one) => Buffer.from(one, 'hex'));
const text = (...all: readonly string[]): Buffer[] => all.map((one) => Buffer.from(one));
const HEADER_TOKENS = hex(
  'feff00e000000000',
  'feff00e0ffffffff',
  'feff0de000000000',
  'feffdde000000000',
  '400030a75351' + '0000ffffffff',
  'e07f10004f420000ffffffff',
  '0800050043530a0049534f5f495220313932',
  '02001000554914003' + '12e322e3834302e31303030382e312e322e3200',
  '0800050043530c00495 34f20323032322049522038 37'.replaceAll(' ', ''),
  '1b2442',
  '1b2428421b2949',
  '00000000',
);
const METADATA_TOKENS = text(
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\u',
  '\\ud800',
  'null',
  '1e400',
  '<',
  '>',
  '</Item>',
  '<Item number="1">',
  '&#0;',
  '&lt;',
  ']]>',
  '<![CDATA[',
  '<!--',
  '<!DOCTYPE a>',
  '<?x?>',
  '"vr":"SQ","Value":[',
  '00081140',
);
const MULTIPART_TOKENS = text('\r\n--b\r\n', '\r\n--b--', '--b', '\r\n\r\n', '\r', '\n', '--', ' \t', 'a: b\r\n');

/** The outcome of a reading as text; what is no Fault of the caller's is thrown on. */
async function outcome(read: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await read());
  } catch (error) {
    if (!(error instanceof Fault) || error instanceof InternalFault) throw error;
    return `${error.code} ${error.message}`;
  }
}

function* pieces(bytes: Buffer, random: Random): Generator<Buffer> {
  const most = [bytes.length < 4_096 ? 1 : 7, 7, 64, 4_096][random(4)]; // byte by byte only what is short: it takes long
  for (let at = 0; at < bytes.length;) {
    const length = 1 + random(most);
    yield Buffer.from(bytes.subarray(at, at + length)); // a copy: a reader must not lean on its neighbours
    at += length;
  }
}

function requireEqual(one: string, other: string, what: string): void {
  if (one !== other) throw new Error(`${what}: ${one.slice(0, 300)} | ${other.slice(0, 300)}`);
}

async function readFile(chunks: Iterable<Buffer>) {
  const reader = new Part10Reader();
  for (const chunk of chunks) await reader.push(chunk);
  return reader.end();
}

async function checkHeader(bytes: Buffer, random: Random): Promise<void> {
  const whole = await outcome(() => readFile([bytes]));
  const cut = await outcome(() => readFile(pieces(bytes, random)));
  // A deflate stream that breaks off has given more or less of itself before, as it was cut.
  if (whole.startsWith('malformed-deflate') || cut.startsWith('malformed-deflate')) return;
  requireEqual(whole, cut, 'the outcome depends on how the bytes were cut');
  if (!whole.startsWith('{')) return;
  const { dataset, bulkData, transferSyntaxUID } = await readFile([bytes]);
  const isDeflated = transferSyntax(transferSyntaxUID)?.deflated === true; // there offsets are of the inflated form
  for (const { offset, length, path } of bulkData)
    if (!isDeflated && (offset < 0 || offset + length > bytes.length)) throw new Error(`bulk data ${path} lies outside the file`);
  JSON.parse(dicomJsonText(dataset));
  dicomXml(dataset);
}

async function splitBody(chunks: Iterable<Buffer>): Promise<string[]> {
  async function* stream(): AsyncGenerator<Buffer> {
    yield* chunks;
  }
  const parts: string[] = [];
  for await (const { headers, body } of multipartParts(stream(), 'b')) {
    const got: Buffer[] = [];
    for await (const piece of body) got.push(piece);
    parts.push(`${JSON.stringify(headers)} ${Buffer.concat(got).toString('latin1')}`);
  }
  return parts;
}

async function checkMultipart(bytes: Buffer, random: Random): Promise<void> {
  requireEqual(
    await outcome(() => splitBody([bytes])),
    await outcome(() => splitBody(pieces(bytes, random))),
    'the parts depend on the cut',
  );
}

/** What is read can be written or is refused; and what is written reads back. */
async function checkDataSet(read: DicomJson): Promise<void> {
  const file = await outcome(() => writePart10(read).toString('latin1'));
  if (!file.startsWith('"')) return;
  await outcome(() => readFile([Buffer.from(JSON.parse(file) as string, 'latin1')]));
  dicomXml(read);
}

async function checkMetadata(bytes: Buffer): Promise<void> {
  if (bytes.subarray(0, 200).includes('<')) {
    await outcome(async () => checkDataSet(readDicomXml(bytes)));
    return;
  }
  await outcome(async () => {
    const all = readDicomJson(bytes);
    JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')); // whatever is read here is JSON to others too
    for (const one of all) if (!(one instanceof Fault)) await checkDataSet(one);
  });
}

/** The reader of that name, its seeds read. */
export async function fuzzTarget(name: string): Promise<FuzzTarget | undefined> {
  if (name === 'header') {
    const seeds = fileSeeds();
    return { makeCase: (number) => mutated(seeds, HEADER_TOKENS, randomOf(number)), check: checkHeader };
  }
  if (name === 'multipart') {
    const seeds = multipartSeeds();
    return { makeCase: (number) => mutated(seeds, MULTIPART_TOKENS, randomOf(number)), check: checkMultipart };
  }
  if (name !== 'metadata') return undefined;
  const { json, xml } = await metadataSeeds();
  const makeCase = (number: number): Buffer => {
    if (number % 8 !== 0) return mutated(number % 2 === 0 ? json : xml, METADATA_TOKENS, randomOf(number));
    const [odd] = oddDataSets(number, 1);
    return Buffer.from(number % 16 === 0 ? `[${JSON.stringify(odd)}]` : `[${dicomJsonText(odd)}]`);
  };
  return { makeCase, check: checkMetadata };
}
