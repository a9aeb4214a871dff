import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { sha256 } from './instances.js';
import { Wetread, type StoreAnswer } from './wetread.js';

type Expectation = 'store' | 'store-with-warning' | 'reject';
interface CorpusFile {
  readonly path: string;
  readonly sha256: string;
  readonly expect: Expectation;
  /** Other outcomes that are fine too. */
  readonly expectAlso?: readonly Expectation[];
}

const shared = new URL('../../../../shared/', import.meta.url);
const present = existsSync(new URL('dicom/manifest.json', shared));
const onCorpus: typeof it.skip = present ? it : it.skip;
if (!present) console.warn('../shared is absent: storing its 401 DICOM files (2 tests) is skipped.');
const corpus: readonly CorpusFile[] = present
  ? (JSON.parse(readFileSync(new URL('dicom/manifest.json', shared), 'utf8')) as CorpusFile[])
  : [];
const bytesOf = ({ path }: CorpusFile): Buffer => readFileSync(new URL(`dicom/${path}`, shared));

const DUPLICATE = 0x0111;
const mayBe = ({ expect: main, expectAlso = [] }: CorpusFile, stored: boolean): boolean =>
  [main, ...expectAlso].some((one) => (one === 'reject') !== stored);

let wetread: Wetread;
beforeAll(async () => {
  if (present) wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
});
afterAll(async () => {
  if (present) await wetread.remove();
});

/** Hash of the bytes that WADO gives back. */
async function retrieved(url: string): Promise<string> {
  const answer = await fetch(url, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
  if (answer.status !== 200) throw new Error(`${answer.status} from a RetrieveURL`);
  return sha256(Buffer.from(await answer.arrayBuffer()));
}

const emptyTheArchive = (): Promise<unknown> => wetread.sql('TRUNCATE study, series, instance, work');

describe('The 401 files of ../shared/dicom', () => {
  onCorpus('are, each alone on a clean store, stored or refused as the manifest says; the bytes come back the same', async () => {
    const wrong: string[] = [];
    const counts = { stored: 0, withWarning: 0, refused: 0, cleared: 0 };
    for (const file of corpus) {
      const bytes = bytesOf(file);
      let answer = await wetread.store(bytes);
      if (isDuplicate(answer)) {
        await emptyTheArchive();
        counts.cleared += 1;
        answer = await wetread.store(bytes);
      }
      const stored = answer.stored.length === 1;
      if (!mayBe(file, stored)) wrong.push(`${file.path}: ${stored ? 'stored' : 'refused'}`);
      // PS3.18 table 10.5.3-1: what is no DICOM file (PS3.10 7.1) is a request of bad syntax.
      const isFile = bytes.toString('latin1', 128, 132) === 'DICM';
      const expected = stored ? (answer.stored[0].warning === undefined ? 200 : 202) : isFile ? 409 : 400;
      if (answer.status !== expected || answer.failed.length !== Number(!stored)) wrong.push(`${file.path}: ${answer.status}`);
      if (stored && (await retrieved(answer.stored[0].retrieveUrl)) !== file.sha256) wrong.push(`${file.path}: other bytes came back`);
      if (!stored && !(answer.failed[0].reason > 0)) wrong.push(`${file.path}: no reason`);
      counts.stored += Number(stored);
      counts.withWarning += Number(stored && answer.stored[0].warning !== undefined);
      counts.refused += Number(!stored);
    }
    expect(wrong).toEqual([]);
    console.info(
      `each alone: ${counts.stored} stored (${counts.withWarning} with a warning), ${counts.refused} refused; cleared ${counts.cleared} times for a UID that was taken`,
    );
    expect(counts.stored + counts.refused).toBe(401);
  });

  onCorpus('are in one request stored or refused as the manifest says, the first of a SOP Instance UID kept', async () => {
    await emptyTheArchive();
    const answer = await wetread.store(...corpus.map(bytesOf));
    expect(answer.status).toBe(202);
    const kept = await hashesKept();
    // Both sequences keep the order of the parts, so that every file finds its own item.
    const failed = [...answer.failed];
    const stored = [...answer.stored];
    const duplicates: string[] = [];
    const wrong: string[] = [];
    for (const file of corpus) {
      const isKept = kept.has(file.sha256);
      const item = isKept ? stored.shift() : failed.shift();
      const reason = item !== undefined && 'reason' in item ? item.reason : undefined;
      if (reason === DUPLICATE) duplicates.push(file.path);
      if (reason !== DUPLICATE && !mayBe(file, isKept)) wrong.push(`${file.path}: ${isKept ? 'stored' : `refused for ${reason}`}`);
      if (item === undefined || (!isKept && !(Number(reason) > 0))) wrong.push(`${file.path}: no item, or no reason`);
    }
    expect(wrong).toEqual([]);
    expect([stored, failed]).toEqual([[], []]);
    const uidsStored = answer.stored.map(({ sopInstanceUID }) => sopInstanceUID);
    const twins = answer.failed.filter(({ reason }) => reason === DUPLICATE);
    expect(twins.map(({ sopInstanceUID }) => uidsStored.includes(sopInstanceUID ?? ''))).toEqual(twins.map(() => true));
    expect(new Set(uidsStored).size).toBe(kept.size);
    console.info(
      `in one request: ${answer.stored.length} stored as ${kept.size} instances, ${duplicates.length} refused as duplicates, ${answer.failed.length - duplicates.length} refused for other reasons`,
    );
  });
});

const isDuplicate = ({ failed }: StoreAnswer): boolean => failed[0]?.reason === DUPLICATE;

/** Hashes of all that the server has, fetched back instance by instance. */
async function hashesKept(): Promise<Set<string>> {
  const found = await wetread.json<DicomJson[]>('/dicom-web/instances?limit=5000', 'application/dicom+json');
  const hashes = new Set<string>();
  for (const instance of found) hashes.add(await retrieved(String(instance['00081190'].Value?.[0])));
  expect(hashes.size).toBe(found.length);
  return hashes;
}
