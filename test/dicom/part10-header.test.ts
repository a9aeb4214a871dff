import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fault } from '../../src/faults.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import {
  HeaderTooLarge,
  InflatedTooLarge,
  MalformedElement,
  NotPart10,
  SequenceTooDeep,
  Truncated,
  UnsupportedTransferSyntax,
} from '../../src/dicom/faults.js';
import { Part10Reader } from '../../src/dicom/part10-header.js';
import { writePart10 } from '../../src/dicom/part10-writer.js';
import { bytesOf, corpus, cut, mustBeRefused, mustBeStored, onCorpus, outcome, read, readPieces } from './corpus.js';

const small = ['synthetic/mono1-window.dcm', 'pydicom/JPEGLSNearLossless_08.dcm', 'fo/Issue1097_DeflatedWithSQ.dcm', 'pydicom/rtplan.dcm'];

describe('Reading a DICOM file (PS3.10)', () => {
  onCorpus('takes every instance that must be taken', async () => {
    const files = corpus.filter(mustBeStored);
    expect(files.length).toBeGreaterThan(330);
    const refused: string[] = [];
    for (const { path, sopUid } of files) {
      const { instance, thrown } = await outcome([bytesOf(path)]);
      if (instance === undefined) refused.push(`${path}: ${String(thrown)}`);
      else if (sopUid) expect(instance.sopInstanceUID).toBe(sopUid);
    }
    expect(refused).toEqual([]);
  });

  onCorpus('refuses, with a fault, whatever must be refused', async () => {
    const files = corpus.filter(mustBeRefused);
    expect(files.length).toBeGreaterThan(35);
    const wrong: string[] = [];
    for (const { path } of files) {
      const { thrown } = await outcome([bytesOf(path)]);
      if (!(thrown instanceof Fault)) wrong.push(`${path}: ${thrown === undefined ? 'taken' : String(thrown)}`);
    }
    expect(wrong).toEqual([]);
  });

  onCorpus.each([
    ['synthetic/meta-sopuid-differs.dcm', 'meta-uid-differs'],
    ['synthetic/meta-group-length-wrong.dcm', 'meta-group-length-wrong'],
    ['odd/no-meta-length.dcm', 'meta-group-length-missing'],
    ['synthetic/uid-leading-zeros.dcm', 'uid-leading-zero'],
    ['synthetic/trailing-garbage.dcm', 'trailing-garbage'],
    ['synthetic/ts-says-implicit-is-explicit.dcm', 'encoding-not-as-transfer-syntax'],
    ['pydicom/SC_rgb_jpeg.dcm', 'encoding-not-as-transfer-syntax'],
    ['pydicom/rtdose_rle.dcm', 'vr-un-resolved'],
    ['synthetic/odd-length-elements.dcm', 'odd-length'],
    ['synthetic/charset-unknown.dcm', 'character-set-unknown'],
    ['synthetic/charset-absent-latin1-bytes.dcm', 'text-not-in-character-set'],
    ['pydicom/badVR.dcm', 'value-not-a-number'],
    ['synthetic/mf-wrong-bot.dcm', 'offset-table-wrong'],
    ['synthetic/pixeldata-short.dcm', 'frames-missing'],
    ['synthetic/pixeldata-long.dcm', 'pixel-data-length'],
  ])('takes %s and says %s', async (path, code) => {
    expect((await read(bytesOf(path))).warnings.map((warning) => warning.code)).toContain(code);
  });

  onCorpus('says nothing of a file without fault', async () => {
    expect((await read(bytesOf('demo/ct-chest/ct07.dcm'))).warnings).toEqual([]);
  });

  onCorpus('gives the same wherever the chunks are cut', async () => {
    const files = corpus.filter(mustBeStored);
    let seed = 1;
    const random = () => (seed = (seed * 48271) % 0x7fffffff);
    for (const { path } of files) {
      const bytes = bytesOf(path);
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length;) {
        const length = random() % 3 === 0 ? (random() % 20) + 1 : (random() % bytes.length) + 1;
        pieces.push(bytes.subarray(at, at + length));
        at += length;
      }
      expect({ path, instance: await readPieces(pieces) }).toEqual({ path, instance: await read(bytes) });
    }
    expect(files.length).toBeGreaterThan(330);
  });

  onCorpus.each(small)('gives the same for %s byte by byte, each in the same memory', async (path) => {
    const bytes = bytesOf(path);
    const memory = Buffer.alloc(1);
    function* oneByOne() {
      for (const byte of bytes) {
        memory[0] = byte;
        yield memory;
      }
    }
    expect(await readPieces(oneByOne())).toEqual(await read(bytes));
  });

  onCorpus.each(small)(
    'takes no part of %s for the whole, wherever it ends',
    async (path) => {
      const bytes = bytesOf(path);
      const whole = await read(bytes);
      const order = Object.keys(whole.dataset).sort();
      let refused = 0;
      for (let length = 0; length < bytes.length; length++) {
        const { instance, thrown } = await outcome([bytes.subarray(0, length)]);
        if (instance === undefined) {
          expect(thrown).toBeInstanceOf(Fault);
          refused++;
        } else {
          // the bytes end between two elements: nothing shows that more were there, and nothing is made up
          const elements = Object.keys(instance.dataset).sort();
          expect(elements).toEqual(order.slice(0, elements.length));
          for (const tag of elements) expect(instance.dataset[tag]).toEqual(whole.dataset[tag]);
        }
      }
      expect(refused / bytes.length).toBeGreaterThan(0.9);
    },
    60_000,
  );

  onCorpus(
    'answers damage with a fault or an instance, never with another error',
    async () => {
      const originals = [...small, 'synthetic/nested-deep.dcm', 'synthetic/mf-deflated.dcm', 'charset/chrH32.dcm'].map(bytesOf);
      const damage = fc.record({
        file: fc.nat(originals.length - 1),
        flips: fc.array(fc.record({ at: fc.nat(20_000), bit: fc.nat(7) }), { minLength: 1, maxLength: 12 }),
      });
      const property = fc.asyncProperty(damage, async ({ file, flips }) => {
        const bytes = Buffer.from(originals[file]);
        for (const { at, bit } of flips) bytes[at % bytes.length] ^= 1 << bit;
        const { thrown } = await outcome(cut(bytes, 997));
        if (thrown !== undefined) expect(thrown).toBeInstanceOf(Fault);
      });
      await fc.assert(property, { numRuns: 3_000, seed: 20_260_101 });
    },
    60_000,
  );
});

describe('The reader, fed by someone hostile', () => {
  it('refuses what is no DICOM file at all', async () => {
    await expect(read(Buffer.alloc(0))).rejects.toThrow(NotPart10);
    await expect(read(Buffer.from('<html>'.repeat(100)))).rejects.toThrow(NotPart10);
  });

  onCorpus('allocates nothing of a size that a file only claims', async () => {
    const before = process.memoryUsage().arrayBuffers;
    for (const path of ['bad/syn-length-past-eof.dcm', 'bad/3gb-bulk-data-truncated.dcm'])
      await expect(read(bytesOf(path))).rejects.toThrow(Truncated);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  onCorpus('stops a deflate bomb early', async () => {
    await expect(readPieces(cut(bytesOf('bad/syn-deflate-bomb.dcm'), 1024))).rejects.toThrow(InflatedTooLarge);
  });

  onCorpus('stays refused: what was thrown once is thrown again', async () => {
    const reader = new Part10Reader();
    const bytes = bytesOf('bad/syn-unknown-transfer-syntax.dcm');
    expect(() => reader.push(bytes)).toThrow(UnsupportedTransferSyntax);
    expect(() => reader.push(bytes)).toThrow(UnsupportedTransferSyntax);
    await expect(reader.end()).rejects.toThrow(UnsupportedTransferSyntax);
  });

  onCorpus('can still name a refused instance by what passed', async () => {
    const reader = new Part10Reader();
    await reader.push(bytesOf('bad/syn-missing-StudyInstanceUID.dcm'));
    await expect(reader.end()).rejects.toBeInstanceOf(Fault);
    expect(reader.known.sopInstanceUID).toMatch(/^1\.2\.826/);
  });
});

const UIDS: DicomJson = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: ['1.2.3.4'] },
};

describe('Where two readers could differ', () => {
  const patient = (id: string) => Buffer.concat([Buffer.from('100020004c4f', 'hex'), Buffer.from([id.length, 0]), Buffer.from(id)]);

  it('refuses a second Patient ID', () => {
    const file = Buffer.concat([writePart10(UIDS), patient('A1'), patient('B2')]);
    expect(() => new Part10Reader().push(file)).toThrow(MalformedElement);
  });

  it('refuses a Patient ID after Pixel Data', () => {
    const file = Buffer.concat([writePart10(UIDS, { pixelData: new Uint8Array(4) }), patient('B2')]);
    expect(() => new Part10Reader().push(file)).toThrow(MalformedElement);
  });
});

describe('The bounds of the reader', () => {
  it('counts many values as memory, however few bytes they are', () => {
    const values = Array.from({ length: 30_000 }, () => null);
    const file = writePart10({ ...UIDS, '00080008': { vr: 'CS', Value: ['A', ...values, 'B'] } });
    const reader = new Part10Reader({ headerBytes: 100_000 });
    expect(() => reader.push(file)).toThrow(HeaderTooLarge);
  });

  it('counts elements', () => {
    const items = Array.from({ length: 50 }, () => ({ '00081155': { vr: 'UI', Value: ['1.2'] } }));
    const file = writePart10({ ...UIDS, '00081140': { vr: 'SQ', Value: items } });
    expect(() => new Part10Reader({ elements: 60 }).push(file)).toThrow(HeaderTooLarge);
    expect(() => new Part10Reader({ elements: 200 }).push(file)).not.toThrow();
  });

  it.each([
    [64, false],
    [65, true],
  ])('sequences nested %p deep: refused is %p', (depth, refused) => {
    // written by hand: the writer has the same bound. Each level: (0040,A730) SQ and an item, both of undefined length
    const level = Buffer.from('4000' + '30a7' + '5351' + '0000' + 'ffffffff' + 'feff00e0' + 'ffffffff', 'hex');
    const bytes = Buffer.concat([writePart10(UIDS), ...Array.from({ length: depth }, () => level)]);
    const reader = new Part10Reader();
    if (refused) expect(() => reader.push(bytes)).toThrow(SequenceTooDeep);
    else expect(() => reader.push(bytes)).not.toThrow();
  });
});
