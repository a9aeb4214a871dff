import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DicomElement, DicomJson } from '../src/dicom/dicom-json.js';
import { dicomJsonText } from '../src/dicom/dicom-json-text.js';
import { dicomXml } from '../src/dicom/dicom-xml.js';
import { Part10Reader } from '../src/dicom/part10-header.js';
import { PhantomSeries } from './instances.js';

const CORPUS = fileURLToPath(new URL('../../../shared/dicom/', import.meta.url));
const MOST_BYTES = 24 * 1024;

/** DICOM files to begin with, the longer ones cut: the corpus where it is there, else one of our own. */
export function fileSeeds(): Buffer[] {
  const own = new PhantomSeries('fuzz', 64).part10(0, 0);
  if (!existsSync(CORPUS)) return [own];
  const files = readdirSync(CORPUS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(json|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size < 2 ** 20);
  return [own, ...files.map((path): Buffer => readFileSync(path).subarray(0, MOST_BYTES))];
}

/** Metadata of the same files, in both forms. */
export async function metadataSeeds(): Promise<{ json: Buffer[]; xml: Buffer[] }> {
  const json: Buffer[] = [];
  const xml: Buffer[] = [];
  for (const file of fileSeeds()) {
    const reader = new Part10Reader();
    try {
      await reader.push(file);
      const { dataset } = await reader.end();
      const [asJson, asXml] = [`[${dicomJsonText(dataset)}]`, dicomXml(dataset)].map((text) => Buffer.from(text));
      if (asJson.length < MOST_BYTES) json.push(asJson);
      if (asXml.length < MOST_BYTES) xml.push(asXml);
    } catch {
      // A broken file has no metadata; it is a seed of the header reader.
    }
  }
  return { json, xml };
}

/** A store body of a few small parts. */
export function multipartSeeds(): Buffer[] {
  const bodies = ['', 'x', '\r\n', '--b', '\r\n--', 'DICM'.repeat(20)];
  const heads = ['', 'Content-Type: application/dicom\r\n', 'content-location:a\r\nX: \r\n'];
  return heads.flatMap((head, i) =>
    [1, 2, 5].map((parts) =>
      Buffer.from(
        `${i === 1 ? 'preamble\r\n' : ''}${Array.from({ length: parts }, (_, j) => `--b\r\n${head}\r\n${bodies[(i + j) % bodies.length]}\r\n`).join('')}--b--${i === 2 ? '\r\nepilogue' : ''}`,
      ),
    ),
  );
}

const oddValue = fc.oneof(
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.constant(null),
  fc.constant({ Alphabetic: 'A^B=C' }),
  fc.json(),
  fc.constant({}),
);
const VRS = [
  'AE',
  'AT',
  'CS',
  'DS',
  'FD',
  'FL',
  'IS',
  'LO',
  'LT',
  'OB',
  'OW',
  'PN',
  'SL',
  'SV',
  'UC',
  'UI',
  'UL',
  'UN',
  'UR',
  'US',
  'UT',
  'UV',
  'ZZ',
];
const at = fc.oneof(
  fc.constantFrom(
    '00080005',
    '00080016',
    '00080018',
    '0020000D',
    '0020000E',
    '00280010',
    '7FE00010',
    '00090010',
    '00091001',
    'FFFEE000',
    '__proto__',
  ),
  fc.stringMatching(/^[0-9A-Fa-f]{8}$/),
);
const { dataset } = fc.letrec<{ dataset: DicomJson; element: DicomElement }>((tie) => ({
  dataset: fc.dictionary(at, tie('element'), { maxKeys: 6 }),
  element: fc.oneof(
    { depthSize: 'small' },
    fc.record({ vr: fc.constantFrom(...VRS), Value: fc.array(oddValue, { maxLength: 3 }) }) as fc.Arbitrary<DicomElement>,
    fc.record({
      vr: fc.constantFrom('OB', 'OW', 'UN', 'LO'),
      InlineBinary: fc.oneof(fc.base64String(), fc.string()),
    }) as fc.Arbitrary<DicomElement>,
    fc.record({ vr: fc.constantFrom('OB', 'SQ', 'UT'), BulkDataURI: fc.string() }) as fc.Arbitrary<DicomElement>,
    fc.record({ vr: fc.constant('SQ'), Value: fc.array(tie('dataset'), { maxLength: 3 }) }) as fc.Arbitrary<DicomElement>,
  ),
}));

const IDENTITY: DicomJson = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: ['1.2.3.4'] },
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  '0020000E': { vr: 'UI', Value: ['1.2.3.1'] },
};

/** Data sets that fast-check makes: well-formed on the outside, odd within. */
export const oddDataSets = (seed: number, count: number): DicomJson[] =>
  fc.sample(dataset, { seed, numRuns: count }).map((one) => (seed % 2 === 0 ? { ...IDENTITY, ...one } : one));
