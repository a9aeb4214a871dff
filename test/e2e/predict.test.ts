/** @jest-environment <rootDir>/onnx.environment.js */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { readCard } from '../../src/inference/read-card.js';
import { aPhantom } from './phantoms.js';

const PREDICT = fileURLToPath(new URL('../../src/inference/predict/main.js', import.meta.url));
const CARD = readCard(readFileSync(new URL('../../../models/chest-pneumonia/card.json', import.meta.url), 'utf8'));

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-predict-'));
  mkdirSync(join(folder, 'ward'));
  writeFileSync(join(folder, 'a.dcm'), aPhantom({ seed: 5 }).bytes);
  writeFileSync(join(folder, 'hand.dcm'), aPhantom({ seed: 5 }).bytes.toString('latin1').replace('CHEST ', 'HAND  '), 'latin1');
  writeFileSync(join(folder, 'notes, and more.txt'), 'no picture');
  const picture = sharp(Buffer.from([0, 40, 80, 120, 160, 200]), { raw: { width: 3, height: 2, channels: 1 } });
  writeFileSync(join(folder, 'ward', 'small.png'), await picture.png().toBuffer());
  writeFileSync(join(folder, 'ward', 'damaged.jpg'), Buffer.from('ffd8ffe0', 'hex'));
  writeFileSync(
    join(folder, 'ward', 'even.png'),
    await sharp(Buffer.alloc(6, 90), { raw: { width: 3, height: 2, channels: 1 } })
      .png()
      .toBuffer(),
  );
  symlinkSync(join(folder, 'a.dcm'), join(folder, 'ward', 'linked.dcm'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'ward', 'lost.dcm'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lines of a CSV as objects; fields in quotes are only ever file names here. */
function linesOf(csv: string): Record<string, string>[] {
  const [head, ...lines] = csv.trimEnd().split('\n');
  const fields = (line: string) => Array.from(line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g), ([, field]) => field.replace(/^"|"$/g, ''));
  const names = fields(head);
  return lines.map((line) => Object.fromEntries(fields(line).map((field, i) => [names[i], field])));
}

describe('npm run predict', () => {
  it('gives a line for each file with all outputs, and says of the others why they were not read', () => {
    const out = join(folder, '..', `${Date.now()}.csv`);
    execFileSync(process.execPath, [PREDICT, `./${basename(folder)}/`, '--model', 'chest-pneumonia', '--out', out], {
      stdio: 'pipe',
      cwd: dirname(folder),
    });
    const lines = linesOf(readFileSync(out, 'utf8'));
    rmSync(out);
    expect(lines.map(({ file, state, code }) => [file, state, code])).toEqual([
      ['a.dcm', 'read', ''],
      ['hand.dcm', 'not-read', 'body-part'],
      ['notes, and more.txt', 'failed', 'not-part10'],
      ['ward/damaged.jpg', 'failed', 'image-unpreparable'],
      ['ward/even.png', 'failed', 'image-unpreparable'],
      ['ward/linked.dcm', 'read', ''],
      ['ward/lost.dcm', 'failed', 'image-unpreparable'],
      ['ward/small.png', 'read', ''],
    ]);
    for (const line of lines.filter(({ state }) => state === 'read')) {
      const probabilities = CARD.classes.map(({ label }) => Number(line[`probability ${label}`]));
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      expect(line['predicted class']).toBe(CARD.classes[probabilities.indexOf(Math.max(...probabilities))].label);
      for (const [k, { label, operatingThreshold }] of CARD.classes.entries())
        expect(line[`called ${label}`]).toBe(String(probabilities[k] >= operatingThreshold));
      expect(line['unlike training']).toBe(String(Number(line['input distance']) > (CARD.inputDistanceLimit ?? 0)));
      expect(line['clinical insights'].split(' ')).toHaveLength(64);
      expect(line['attention map'].split(' ')).toHaveLength(Number(line['attention map rows']) * Number(line['attention map columns']));
      for (const name of ['confidence', 'uncertainty', 'predictive entropy', 'quality score'])
        expect(Number(line[name])).toBeGreaterThanOrEqual(0);
    }
  });

  it('explains each prediction on request, as numbers and as pictures', async () => {
    const maps = mkdtempSync(join(tmpdir(), 'wetread-maps-'));
    execFileSync(process.execPath, [PREDICT, folder, '--model', 'chest-pneumonia', '--maps', maps], { stdio: 'pipe' });
    const names = ['attention_map', 'class_activation_map', 'gradient_map', 'occlusion_map'];
    for (const file of ['a.dcm', join('ward', 'small.png')]) {
      const { prediction, ...written } = JSON.parse(readFileSync(join(maps, `${file}.maps.json`), 'utf8')) as Record<string, never>;
      expect([0, 1]).toContain(prediction);
      expect(Object.keys(written).sort()).toEqual(names);
      for (const name of names) {
        const { rows, columns, values } = written[name] as { rows: number; columns: number; values: number[] };
        expect(values).toHaveLength(rows * columns);
        if (name !== 'class_activation_map') expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
        const { width, height } = await sharp(join(maps, `${file}.${name}.png`)).metadata();
        expect([width % columns, height % rows]).toEqual([0, 0]);
      }
      const gradient = (written['gradient_map'] as { values: number[] }).values;
      expect(Math.max(...gradient)).toBeGreaterThan(0);
    }
    expect(existsSync(join(maps, 'hand.dcm.maps.json'))).toBe(false);
    rmSync(maps, { recursive: true });
  });

  it('says that a folder is none', () => {
    const { status, stderr } = spawnSync(process.execPath, [PREDICT, join(folder, 'nowhere'), '--model', 'chest-pneumonia'], {
      encoding: 'utf8',
    });
    expect([status, stderr.trim()]).toEqual([1, `${join(folder, 'nowhere')} is no folder that can be read`]);
  });

  it('says which models there are when it is asked for another', () => {
    const { status, stderr } = spawnSync(process.execPath, [PREDICT, folder, '--model', 'none'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('chest-pneumonia');
  });

  it('says how it is called when it is called otherwise', () => {
    const { status, stderr } = spawnSync(process.execPath, [PREDICT], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('npm run predict -- FOLDER --model NAME');
  });
});
