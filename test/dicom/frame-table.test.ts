import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { FrameTable } from '../../src/dicom/frame-table.js';
import { frameRanges } from '../../src/dicom/frame-table.js';
import type { Part10Instance } from '../../src/dicom/part10-instance.js';
import { transferSyntax } from '../../src/dicom/transfer-syntaxes.js';
import type { CorpusFile } from './corpus.js';
import { bytesOf, corpus, encapsulated, mustBeStored, onCorpus, read } from './corpus.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** All frames as the manifest hashes them: little endian, colour by pixel, without padding. */
function samples(file: CorpusFile, instance: Part10Instance, bytes: Buffer): Buffer {
  const { frameTable: table } = instance;
  if (table?.kind !== 'native') throw new Error(`${file.path} has no native frames`);
  const source = littleEndian(file, instance, table.inflated ? inflateRawSync(bytes.subarray(instance.dataSetOffset)) : bytes);
  if (table.frameBits !== undefined) return source.subarray(table.offset, table.offset + Math.ceil((table.frames * table.frameBits) / 8));
  const frames = Array.from({ length: table.frames }, (_, i) => {
    const [[offset, length]] = frameRanges(table, i + 1) ?? [[0, 0]];
    const frame = source.subarray(offset, offset + length);
    return file.planarConfiguration === 1 && file.samplesPerPixel === 3 ? byPixel(frame, file.bitsAllocated ?? 8) : frame;
  });
  return Buffer.concat(frames);
}

/** The same file with its Pixel Data's words, or samples of 32 bits, turned round. */
function littleEndian(file: CorpusFile, instance: Part10Instance, source: Buffer): Buffer {
  const pixelData = instance.bulkData.find(({ path }) => path === '7FE00010');
  if (transferSyntax(instance.transferSyntaxUID)?.littleEndian !== false || pixelData?.vr !== 'OW') return source;
  const turned = Buffer.from(source);
  const value = turned.subarray(pixelData.offset, pixelData.offset + pixelData.length);
  if (file.bitsAllocated === 32) value.swap32();
  else value.swap16();
  return turned;
}

function byPixel(planes: Buffer, bitsAllocated: number): Buffer {
  const unit = bitsAllocated / 8;
  const pixels = planes.length / 3 / unit;
  const frame = Buffer.alloc(planes.length);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let sample = 0; sample < 3; sample++)
      planes.copy(frame, (pixel * 3 + sample) * unit, (sample * pixels + pixel) * unit, (sample * pixels + pixel + 1) * unit);
  return frame;
}

describe('The frame table of native Pixel Data', () => {
  onCorpus('points to exactly the samples that the image has', async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const file of corpus.filter(mustBeStored)) {
      if (file.decodedSha256 === undefined || transferSyntax(file.transferSyntax?.uid ?? '')?.encapsulated !== false) continue;
      const bytes = bytesOf(file.path);
      const instance = await read(bytes);
      compared++;
      if (sha256(samples(file, instance, bytes)) !== file.decodedSha256) wrong.push(file.path);
    }
    console.info(`frames compared by SHA-256: ${compared} files`);
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(180);
  });

  it('addresses frames that begin within a byte', () => {
    const table: FrameTable = { kind: 'native', offset: 100, frameBytes: 2, frames: 3, frameBits: 15, inflated: false };
    expect(frameRanges(table, 1)).toEqual([[100, 2]]); // bits 0…14
    expect(frameRanges(table, 2)).toEqual([[101, 3]]); // bits 15…29
    expect(frameRanges(table, 3)).toEqual([[103, 3]]); // bits 30…44
    expect(frameRanges(table, 4)).toBeUndefined();
  });

  it.each([0, -1, 1.5, NaN])('has no frame %p', (frameNumber) => {
    const table: FrameTable = { kind: 'native', offset: 0, frameBytes: 2, frames: 3, inflated: false };
    expect(frameRanges(table, frameNumber)).toBeUndefined();
  });

  onCorpus('names only frames that are wholly there', async () => {
    const { frameTable } = await read(bytesOf('synthetic/pixeldata-short.dcm'));
    expect(frameTable).toMatchObject({ kind: 'native', frames: 0 });
  });
});

describe('The frame table of encapsulated Pixel Data (PS3.5 A.4)', () => {
  const codestreams = async (path: string) => {
    const bytes = bytesOf(path);
    const { frames } = encapsulated((await read(bytes)).frameTable);
    // a fragment of odd length is padded; the codestream ends with EOC (FF D9)
    return frames.map((ranges) => {
      const frame = Buffer.concat(ranges.map(([offset, length]) => bytes.subarray(offset, offset + length)));
      return sha256(frame.subarray(0, frame.lastIndexOf(Buffer.from([0xff, 0xd9])) + 2));
    });
  };

  onCorpus.each([
    'synthetic/mf-empty-bot.dcm',
    'synthetic/mf-extended-offset-table.dcm',
    'synthetic/mf-fragmented-bot.dcm',
    'synthetic/mf-fragmented-empty-bot.dcm',
    'synthetic/mf-wrong-bot.dcm',
    'synthetic/mf-nframes-too-many.dcm',
  ])('finds in %s the four frames that the full Basic Offset Table gives', async (path) => {
    const expected = await codestreams('synthetic/mf-bot.dcm');
    expect(expected).toHaveLength(4);
    expect(await codestreams(path)).toEqual(expected);
  });

  onCorpus('has every frame of every instance whose transfer syntax has frames', async () => {
    const wrong: string[] = [];
    let frames = 0;
    for (const file of corpus.filter(({ expect }) => expect === 'store')) {
      const { frameTable } = await read(bytesOf(file.path));
      if (frameTable?.kind !== 'encapsulated') continue;
      frames += frameTable.frames.length;
      if (frameTable.frames.length !== file.frames) wrong.push(file.path);
    }
    expect(wrong).toEqual([]);
    expect(frames).toBeGreaterThan(200);
  });

  onCorpus('gives no frames of a video, but where its bit stream lies', async () => {
    const { frameTable } = await read(bytesOf('synthetic/video-mpeg4-25frames.dcm'));
    expect(frameTable?.kind).toBe('video');
    expect(frameTable && frameRanges(frameTable, 1)).toBeUndefined();
  });

  onCorpus('takes the image, not the icon within', async () => {
    const { frameTable, bulkData } = await read(bytesOf('fo/JPEGwithIcon.dcm'));
    const image = bulkData.find(({ path }) => path === '7FE00010');
    const icon = bulkData.find(({ path }) => path === '00880200/1/7FE00010');
    expect(icon?.length).toBeGreaterThan(0);
    expect(encapsulated(frameTable).frames[0][0][0]).toBeGreaterThan(image?.offset ?? Infinity);
  });
});
