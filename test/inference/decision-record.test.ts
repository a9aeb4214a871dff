import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decisionRecord, rawOutputs } from '../../src/inference/decision-record.js';
import type { ImageReading } from '../../src/inference/reading.js';
import { canonicalSha256, canonicalText } from '../../src/signing/canonical.js';
import { softwareDigest, softwareIdentity } from '../../src/software.js';
import { aCard } from './tiny-models.js';

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const FILE = sha256('a file');
const model = { card: aCard({ inputDistanceLimit: 7 }), sha256: sha256('graph'), cardSha256: sha256('card') };
const map = { rows: 2, columns: 2, values: new Float32Array([0, 0.5, 1, 0.25]) };
const reading: ImageReading = {
  sopClassUID: '1.2',
  sopInstanceUID: '2.25.77',
  seriesInstanceUID: '2.25.78',
  frameNumber: 1,
  rows: 8,
  columns: 8,
  logits: [-1.5, 2.25],
  probabilities: [0.0229773699, 0.9770226301],
  confidence: 0.9770226301,
  highConfidence: true,
  uncertainty: 0.157,
  prediction: 1,
  clinicalInsights: undefined,
  attentionMap: map,
  quality: { contrast: 1, sharpness: 1, noise: 0, brightness: 0.4, passes: {} as never, score: 75, inputDistance: 3 },
  inputSha256: sha256('tensor'),
  provider: 'cpu',
  timings: { decode: 1, prepare: 2, run: 3 },
};

describe('The record of a decision', () => {
  it('holds what went in, who decided, how it was prepared, by which thresholds, and what came out', () => {
    expect(decisionRecord({ model, files: [FILE], reading })).toEqual({
      model: { name: 'tiny', version: '1', sha256: model.sha256, cardSha256: model.cardSha256 },
      software: softwareIdentity(),
      input: { fileSha256: FILE, frame: 1, tensorSha256: sha256('tensor') },
      provider: 'cpu',
      preparation: { sha256: canonicalSha256(model.card.preparation), parameters: model.card.preparation },
      thresholds: {
        classes: [
          { code: '1', operating: 0.5, referral: 0.4 },
          { code: '1', operating: 0.5, referral: 0.4 },
        ],
        inputDistance: 7,
      },
      outputs: expect.objectContaining({
        logits: [-1.5, 2.25],
        attentionMap: { rows: 2, columns: 2, sha256: sha256(new Uint8Array(map.values.buffer)) },
        quality: 75,
      }),
      outputsSha256: canonicalSha256(rawOutputs(reading)),
    });
  });

  it('is small and names nobody, whatever the size of the map', () => {
    const large = { ...map, rows: 512, columns: 512, values: new Float32Array(512 * 512).fill(0.5) };
    const text = canonicalText(decisionRecord({ model, files: [FILE], reading: { ...reading, attentionMap: large } }));
    expect(text.length).toBeLessThan(2_000);
    expect(text).not.toMatch(/2\.25\./);
  });

  it('says the same of the same outputs, however long they took, and another of others', () => {
    const of = (changes: Partial<ImageReading>) =>
      decisionRecord({ model, files: [FILE], reading: { ...reading, ...changes } })['outputsSha256'];
    expect(of({ timings: { decode: 9, prepare: 9, run: 9 } })).toBe(of({}));
    expect(of({ logits: [-1.5, 2.2500001] })).not.toBe(of({}));
    expect(of({ attentionMap: { ...map, values: new Float32Array([0, 0.5, 1, 0.26]) } })).not.toBe(of({}));
  });

  it('keeps outputs that nobody may know yet to their digest', () => {
    const whole = decisionRecord({ model, files: [FILE], reading });
    const { outputs: _outputs, ...rest } = whole;
    expect(decisionRecord({ model, files: [FILE], reading }, 'digest')).toEqual(rest);
  });

  it('names many files by one hash, which `sha256sum` of their list gives, and none where none was looked at', () => {
    const files = [FILE, sha256('another'), sha256('a third')];
    const slices = { ...reading, stack: { slices: [3], warnings: [] } };
    expect(decisionRecord({ model, files, reading: slices })['input']).toEqual({
      files: 3,
      filesSha256: sha256(`${files.join('\n')}\n`),
      frame: 1,
      slices: [3],
      tensorSha256: sha256('tensor'),
    });
    expect(decisionRecord({ model: { name: 'none', version: '-' }, files: [] })).toEqual({
      model: { name: 'none', version: '-' },
      software: softwareIdentity(),
    });
  });
});

describe('The software that decided', () => {
  it('is named by the hash of its code: one changed byte, name or file more makes another', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wetread-software-'));
    mkdirSync(join(folder, 'room'));
    writeFileSync(join(folder, 'room', 'a.js'), 'export {};\n');
    writeFileSync(join(folder, 'b.js'), 'run();\n');
    const before = softwareDigest(folder);
    expect(before).toBe(sha256(`${sha256('run();\n')}  b.js\n${sha256('export {};\n')}  room/a.js\n`));
    writeFileSync(join(folder, 'room', 'a.js'), 'export {}; \n');
    const after = softwareDigest(folder);
    writeFileSync(join(folder, 'c.js'), '');
    expect(new Set([before, after, softwareDigest(folder)]).size).toBe(3);
    expect(softwareIdentity()).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});
