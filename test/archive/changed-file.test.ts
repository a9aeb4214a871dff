import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { withChange, type AttributeChange } from '../../src/archive/attribute-change.js';
import { PixelDescriptions } from '../../src/archive/pixel-descriptions.js';
import { DiskStorage } from '../../src/archive/storage/disk.js';
import { Transcode } from '../../src/archive/transcode.js';
import { isPrivate } from '../../src/dicom/data-dictionary.js';
import { dicomJsonText } from '../../src/dicom/dicom-json-text.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { Part10Reader } from '../../src/dicom/part10-header.js';
import type { Part10Instance } from '../../src/dicom/part10-instance.js';
import type { ReaderLimits } from '../../src/dicom/reader-limits.js';
import { transferSyntax } from '../../src/dicom/transfer-syntaxes.js';
import { PixelPool } from '../../src/pixels/pixel-pool.js';
import { aChestXray } from '../e2e/instances.js';
import { corpusFile, corpusIsHere } from '../pixels/corpus.js';
import { aStoredFile, retrieveOf } from './a-stored-file.js';

const NAME = { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }] };
const folder = mkdtempSync(join(tmpdir(), 'wetread-changed-'));
const storage = new DiskStorage(folder, 0);
let pool: PixelPool;
let transcode: Transcode;
beforeAll(() => {
  pool = new PixelPool({ threads: 1, queueLimit: 10, timeLimitMilliseconds: 1_000 });
  transcode = new Transcode(storage, pool, new PixelDescriptions(retrieveOf(storage)));
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

/** Accepting these is not asked for: no UIDs, a sequence that is none, an end that is missing. */
const REFUSED = /color-palette-pet|sr-detail-trial-retired|emr-j2k-too-few-frames/;
const files = (): string[] =>
  (
    JSON.parse(readFileSync(new URL('../../../../shared/dicom/manifest.json', import.meta.url), 'utf8')) as {
      path: string;
      expect: string;
    }[]
  )
    .filter((one) => one.expect !== 'reject' && !REFUSED.test(one.path))
    .map(({ path }) => path);

async function read(file: Buffer, limits: Partial<ReaderLimits> = {}): Promise<Part10Instance> {
  const reader = new Part10Reader(limits);
  await reader.push(file);
  return reader.end();
}

/** The file of an instance that was changed since it came: it has another patient's name unless something else is said. */
async function changedFile(
  file: Buffer,
  change: AttributeChange = { '00100010': NAME },
): Promise<{ readonly answer: Buffer; readonly dataset: DicomJson }> {
  const row = await aStoredFile(storage, file);
  const dataset = withChange(JSON.parse(row.metadata) as DicomJson, change, 'CORRECT', new Date()) ?? {};
  const pieces: Uint8Array[] = [];
  const current = { ...row, revision: 1, metadata: dicomJsonText(dataset) };
  for await (const piece of (await transcode.file(current, row.transferSyntaxUID)).bytes) pieces.push(piece);
  return { answer: Buffer.concat(pieces), dataset };
}

/** The values that are not in the header, in order, as they lie in the file; the byte that makes an odd length even belongs to the writing. */
function bulkOf(file: Buffer, { bulkData, transferSyntaxUID, dataSetOffset }: Part10Instance): { path: string; bytes: Buffer }[] {
  const bytes = transferSyntax(transferSyntaxUID)?.deflated ? inflateRawSync(file.subarray(dataSetOffset)) : file;
  const even = (value: Buffer): Buffer => (value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.alloc(1)]));
  return bulkData.map(({ path, offset, length }) => ({ path, bytes: even(bytes.subarray(offset, offset + length)) }));
}

/** Without what a file says of its own writing; an implicit transfer syntax does not say the VR of private elements, and of Pixel Data it is OW. */
function attributesOf(dataset: DicomJson, transferSyntaxUID: string): string {
  const implicit = transferSyntax(transferSyntaxUID)?.explicit === false;
  return dicomJsonText(
    Object.fromEntries(Object.entries(dataset).filter(([at]) => at !== '00080005' && !(implicit && (isPrivate(at) || at === '7FE00010')))),
  );
}

(corpusIsHere ? describe : describe.skip)('A file with changed attributes, in its own transfer syntax', () => {
  it.each(corpusIsHere ? files() : [])('has them, and everything else as it was: %s', async (path) => {
    const file = corpusFile(path);
    const before = await read(file);
    const { answer, dataset } = await changedFile(file);
    const after = await read(answer);
    expect(after.transferSyntaxUID).toBe(before.transferSyntaxUID);
    const [stored, given] = [bulkOf(file, before), bulkOf(answer, after)];
    expect(given.map(({ path }) => path)).toEqual(stored.map(({ path }) => path));
    expect(given.filter(({ bytes }, i) => !bytes.equals(stored[i].bytes))).toEqual([]);
    expect(after.frameTable?.kind).toBe(before.frameTable?.kind);
    expect(after.dataset['00100010']).toEqual(NAME);
    expect(attributesOf(after.dataset, after.transferSyntaxUID)).toBe(attributesOf(dataset, after.transferSyntaxUID));
  });
});

describe('A file with changed attributes', () => {
  it('has long texts in UTF-8, as it says of itself, whatever character set they came in', async () => {
    const plain = aChestXray({ TextValue: '~'.repeat(70_001) }).bytes.toString('latin1');
    const file = Buffer.from(plain.replace('ISO_IR 192', 'ISO_IR 100').replace(/~/g, 'ü'), 'latin1');
    expect((await read(file)).dataset['0040A160'].BulkDataURI).toBeDefined();
    const { answer } = await changedFile(file);
    const { dataset, specificCharacterSet } = await read(answer, { inlineBytes: 2 ** 20 });
    expect([specificCharacterSet, dataset['00100010']]).toEqual([['ISO_IR 192'], NAME]);
    expect(dataset['0040A160']).toEqual({ vr: 'UT', Value: ['ü'.repeat(70_001)] });
  });

  it('keeps a long value that was replaced as an original attribute, all of it', async () => {
    const { answer } = await changedFile(aChestXray({ TextValue: 'ü'.repeat(40_000) }).bytes, {
      '0040A160': { vr: 'UT', Value: ['short'] },
    });
    const { dataset } = await read(answer, { inlineBytes: 2 ** 20 });
    expect(dataset['0040A160']).toEqual({ vr: 'UT', Value: ['short'] });
    expect(dataset['04000561'].Value?.[0]).toMatchObject({
      '04000550': { vr: 'SQ', Value: [{ '0040A160': { vr: 'UT', Value: ['ü'.repeat(40_000)] } }] },
    });
  });
});
