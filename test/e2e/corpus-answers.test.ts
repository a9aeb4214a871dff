import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { DicomElement, DicomJson } from '../../src/dicom/dicom-json.js';
import { firstNumber, tag } from '../../src/dicom/dicom-json.js';
import { storedValues } from '../../src/dicom/stored-values.js';
import { bytesOf, corpus, mustBeStored, onCorpus } from '../dicom/corpus.js';
import { Comparison, references } from '../dicom/json-comparison.js';
import { corpusIsHere, knownFiles, knownPictures, pngOf } from '../pixels/corpus.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const DUPLICATE = 0x0111;
const AVAILABLE = '00083002';
/** Frames that are there, where Number of Frames says another number. */
const HELD: Readonly<Record<string, number>> = { 'synthetic/mf-nframes-too-many.dcm': 4 };
/** Its codestreams are 64 × 48, its Rows and Columns 144 × 69, which must agree (PS3.5 8.2): no samples are the right ones. */
const DISAGREEING = 'synthetic/mf-rows-disagree.dcm';
const OCTETS = 'multipart/related; type="application/octet-stream"';

let wetread: Wetread;
beforeAll(async () => {
  if (corpusIsHere) wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
});
afterAll(async () => {
  if (corpusIsHere) await wetread.remove();
});

/** Stores a file on a store where its UID is free; where it is to be had then, or undefined where it was refused. */
async function stored(path: string): Promise<string | undefined> {
  let answer = await wetread.store(bytesOf(path));
  if (answer.failed[0]?.reason === DUPLICATE) {
    await wetread.sql('TRUNCATE study, series, instance, work');
    answer = await wetread.store(bytesOf(path));
  }
  return answer.stored[0]?.retrieveUrl;
}

async function metadataAt(url: string): Promise<DicomJson> {
  const answer = await fetch(`${url}/metadata`, { headers: { accept: 'application/dicom+json' } });
  if (answer.status !== 200) throw new Error(`${answer.status} from a metadata URL`);
  return ((await answer.json()) as DicomJson[])[0];
}

/** Every value that the metadata give by URI, fetched from there. */
async function bulkDataOf(dataset: DicomJson, into = new Map<string, Buffer>()): Promise<Map<string, Buffer>> {
  for (const [at, { BulkDataURI, vr, Value }] of Object.entries(dataset)) {
    if (vr === 'SQ') for (const item of Value ?? []) await bulkDataOf(item as DicomJson, into);
    if (BulkDataURI === undefined) continue;
    const answer = await fetch(BulkDataURI, { headers: { accept: 'application/octet-stream' } });
    if (answer.status !== 200) throw new Error(`${answer.status} from the BulkDataURI of ${at}`);
    into.set(BulkDataURI, Buffer.from(await answer.arrayBuffer()));
  }
  return into;
}

describe('The files of ../shared/dicom, asked for over HTTP,', () => {
  onCorpus(
    'have the metadata that dcm2json and pydicom find in them',
    async () => {
      const readable = new Set(corpus.filter(mustBeStored).map(({ path }) => path));
      const differences: string[] = [];
      let [files, attributes] = [0, 0];
      for (const reference of references()) {
        const url = readable.has(reference.path) ? await stored(reference.path) : undefined;
        if (url === undefined) continue;
        // Available Transfer Syntax UID is the server's to say, not the file's.
        const { ['7FE00010']: _, [AVAILABLE]: ___, ...dataset } = await metadataAt(url);
        const bulkData = await bulkDataOf(dataset);
        const { ['7FE00010']: __, ...json } = reference.json;
        const bytes = ({ BulkDataURI = '' }: DicomElement): Buffer => bulkData.get(BulkDataURI) ?? Buffer.alloc(0);
        const comparison = new Comparison({ ...reference, json }, dataset, bytes);
        files++;
        attributes += comparison.attributes;
        differences.push(...comparison.differences);
      }
      console.info(`metadata compared over HTTP: ${files} files, ${attributes} attributes`);
      expect(differences).toEqual([]);
      expect(files).toBeGreaterThan(330);
    },
    300_000,
  );

  onCorpus(
    'give, decoded, the samples that the reference decoders have: the same where lossless, nearly where lossy',
    async () => {
      const wrong: string[] = [];
      const counts = { lossless: 0, lossy: 0 };
      for (const { path, decodedSha256, lossy, ...known } of knownFiles().filter(({ path }) => path !== DISAGREEING)) {
        const url = await stored(path);
        if (url === undefined) {
          wrong.push(`${path}: refused`);
          continue;
        }
        const metadata = await metadataAt(url);
        const numberOfFrames = path in HELD ? HELD[path] : (firstNumber(metadata, tag(0x0028, 0x0008)) ?? 1);
        const form = formOf(metadata);
        const frames: Buffer[] = [];
        for (let from = 1; from <= numberOfFrames; from += 50) {
          const list = Array.from({ length: Math.min(50, numberOfFrames - from + 1) }, (__, i) => from + i).join(',');
          const answer = await fetch(`${url}/frames/${list}`, { headers: { accept: OCTETS } });
          if (answer.status === 200) frames.push(...(await partsOf(answer)).map(({ bytes }) => bytes));
          else wrong.push(`${path}: ${answer.status}`);
        }
        if (frames.length === 0) continue;
        counts[lossy ? 'lossy' : 'lossless']++;
        const mixed = frames.map((frame) => byPixel(frame, metadata, form));
        if (!lossy && sha256(mixed, form) !== decodedSha256) wrong.push(`${path}: other samples`);
        if (lossy && !nearly(frames, form, known)) wrong.push(`${path}: samples far from the reference`);
      }
      console.info(`frames compared over HTTP: ${counts.lossless} lossless files, ${counts.lossy} lossy ones`);
      expect(wrong).toEqual([]);
      expect(counts.lossless).toBeGreaterThan(250);
    },
    300_000,
  );

  onCorpus(
    'are rendered as PNGs within a mean difference of 2 of 255 from what others draw',
    async () => {
      const wrong: string[] = [];
      for (const picture of knownPictures()) {
        const url = await stored(picture.path);
        const answer = await fetch(`${url}/rendered`, { headers: { accept: 'image/png' } });
        if (answer.status !== 200) {
          wrong.push(`${picture.path}: ${answer.status}`);
          continue;
        }
        const [ours, theirs] = await Promise.all(
          [Buffer.from(await answer.arrayBuffer()), pngOf(picture)].map((png) =>
            sharp(png).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true }),
          ),
        );
        expect([picture.path, ours.info.width, ours.info.height]).toEqual([picture.path, theirs.info.width, theirs.info.height]);
        let sum = 0;
        for (let i = 0; i < ours.data.length; i++) sum += Math.abs(ours.data[i] - theirs.data[i]);
        if (sum / ours.data.length > 2) wrong.push(`${picture.path}: mean difference ${(sum / ours.data.length).toFixed(2)}`);
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );
});

/** Frames come as their Planar Configuration says, by plane or by pixel; the manifest's hashes are by pixel. */
function byPixel(frame: Buffer, metadata: DicomJson, { pixels, samplesPerPixel, bitsAllocated }: SampleForm): Buffer {
  if (firstNumber(metadata, tag(0x0028, 0x0006)) !== 1 || samplesPerPixel === 1 || bitsAllocated !== 8) return frame;
  const mixed = Buffer.alloc(pixels * samplesPerPixel);
  for (let i = 0; i < pixels; i++)
    for (let sample = 0; sample < samplesPerPixel; sample++) mixed[i * samplesPerPixel + sample] = frame[sample * pixels + i];
  return mixed;
}

interface SampleForm {
  readonly pixels: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly pixelRepresentation: 0 | 1;
}

function formOf(metadata: DicomJson): SampleForm {
  const number = (element: number, otherwise: number): number => firstNumber(metadata, tag(0x0028, element)) ?? otherwise;
  const bitsAllocated = number(0x0100, 8);
  const bitsStored = number(0x0101, bitsAllocated);
  return {
    pixels: number(0x0010, 0) * number(0x0011, 0),
    samplesPerPixel: number(0x0002, 1),
    bitsAllocated,
    bitsStored,
    highBit: number(0x0102, bitsStored - 1),
    pixelRepresentation: number(0x0103, 0) === 1 ? 1 : 0,
  };
}

/** As the manifest has it: frame after frame; 1-bit frames joined to one stream of bits. */
function sha256(frames: readonly Buffer[], { bitsAllocated, pixels }: SampleForm): string {
  const hash = createHash('sha256');
  if (bitsAllocated > 1) for (const frame of frames) hash.update(frame);
  else {
    const joined = Buffer.alloc(Math.ceil((pixels * frames.length) / 8));
    frames.forEach((frame, n) => {
      for (let i = 0; i < pixels; i++) {
        const at = n * pixels + i;
        joined[at >> 3] |= ((frame[i >> 3] >> (i & 7)) & 1) << (at & 7);
      }
    });
    hash.update(joined);
  }
  return hash.digest('hex');
}

/** Least, greatest and mean value within 2 of 255 levels (manifest: README). */
function nearly(
  frames: readonly Buffer[],
  form: SampleForm,
  known: { readonly decodedMin: number; readonly decodedMax: number; readonly decodedMean: number },
): boolean {
  let [least, greatest, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const frame of frames) {
    const values = storedValues(frame, { ...form, sampleForm: 'integer' }, form.pixels * form.samplesPerPixel);
    for (let i = 0; i < values.length; i++) {
      least = Math.min(least, values[i]);
      greatest = Math.max(greatest, values[i]);
      sum += values[i];
    }
    count += values.length;
  }
  const tolerance = (2 * 2 ** form.bitsStored) / 256;
  return (
    Math.abs(least - known.decodedMin) <= tolerance &&
    Math.abs(greatest - known.decodedMax) <= tolerance &&
    Math.abs(sum / count - known.decodedMean) <= tolerance / 8
  );
}
