import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { sha256 } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const TOOLS = ['dcmdump', 'dcm2json', 'dcmj2pnm', 'dcmconv', 'dcmftest', 'dcmodify'];
const demo = new URL('../../../../shared/dicom/demo/', import.meta.url);
const absent = [
  ...TOOLS.filter((tool) => !(process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, tool)))),
  ...(existsSync(demo) ? [] : ['../shared/dicom']),
];
if (absent.length > 0) console.warn(`${absent.join(', ')} absent: dcmtk reads what we return (4 tests) is skipped.`);

/** A whole study of several instances, and single ones of other kinds. */
const FILES = [
  ...['ct07.dcm', 'ct08.dcm', 'ct09.dcm'].map((name) => `ct-chest/${name}`),
  'cxr/chest-frontal-1024.dcm',
  ...(absent.length > 0 ? [] : ['us-cine/', 'mr-series/', 'mammo/'].map((folder) => folder + readdirSync(new URL(folder, demo)).sort()[0])),
];
const run = promisify(execFile);
const output = async (tool: string, ...parameters: string[]): Promise<string> =>
  (await run(tool, parameters, { maxBuffer: 64 * 2 ** 20 })).stdout;

/** Trailing null components of a name and their carets say nothing (PS3.5 6.2.1.1): dcm2json drops them, we keep what is there. */
const plain = (value: unknown): string => JSON.stringify(value ?? []).replaceAll(/\^+"/g, '"');

let wetread: Wetread;
let folder: string;
/** By the name of the file sent: what came back, and where from. */
const returned = new Map<string, { readonly file: string; readonly url: string; readonly sent: Buffer }>();
beforeAll(async () => {
  if (absent.length > 0) return;
  folder = mkdtempSync(join(tmpdir(), 'wetread-dcmtk-'));
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  for (const [i, name] of FILES.entries()) {
    const sent = readFileSync(new URL(name, demo));
    const [{ retrieveUrl }] = (await wetread.store(sent)).stored;
    const answer = await fetch(retrieveUrl, { headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' } });
    const [part] = await partsOf(answer);
    const file = join(folder, `${i}.dcm`);
    writeFileSync(file, part.bytes);
    returned.set(name, { file, url: retrieveUrl, sent });
  }
}, 120_000);
afterAll(async () => {
  if (absent.length > 0) return;
  await wetread.remove();
  rmSync(folder, { recursive: true });
});

(absent.length === 0 ? describe : describe.skip)('What we return, read by dcmtk,', () => {
  it('is a DICOM file that dcmftest, dcmdump and dcmconv take without a word, the one that was sent', async () => {
    expect(returned.size).toBe(FILES.length);
    for (const { file, sent } of returned.values()) {
      expect(sha256(readFileSync(file))).toBe(sha256(sent));
      expect(await output('dcmftest', file)).toBe(`yes: ${file}\n`);
      const { stderr } = await run('dcmdump', ['-q', '+P', 'SOPInstanceUID', file]);
      expect(stderr).toBe('');
      await output('dcmconv', '+te', file, `${file}.explicit`).catch(async () => output('dcmconv', '+t=', file, `${file}.explicit`)); // compressed ones stay so
    }
  });

  it('says in its metadata what dcm2json finds in the file', async () => {
    for (const { file, url } of returned.values()) {
      const header = `${file}.header`; // dcm2json refuses compressed pixel data
      copyFileSync(file, header);
      await output('dcmodify', '-nb', '-imt', '-ea', '(7fe0,0010)', header);
      const theirs = JSON.parse(await output('dcm2json', header)) as DicomJson;
      const answer = await fetch(`${url}/metadata`, { headers: { accept: 'application/dicom+json' } });
      const [ours] = (await answer.json()) as DicomJson[];
      const missing = Object.keys(theirs).filter((tag) => !tag.endsWith('0000') && ours[tag] === undefined);
      expect(missing).toEqual([]);
      for (const tag of ['00080016', '00080018', '0020000D', '0020000E', '00100010', '00280010', '00280011', '00080020'])
        expect([tag, plain(ours[tag]?.Value)]).toEqual([tag, plain(theirs[tag]?.Value)]);
    }
  });

  it('is drawn by dcmj2pnm as we render it', async () => {
    for (const [name, { file, url }] of returned) {
      if (name.startsWith('us-cine')) continue; // colour, whose JPEG's YBR each decoder rounds in its own way
      // As PS3.4 N.2 has it: the first window of the file, else the least and greatest value.
      const hasWindow = (await output('dcmdump', '-q', '+P', 'WindowCenter', file)).includes('WindowCenter');
      await output('dcmj2pnm', '+on', ...(hasWindow ? ['+Wi', '1'] : ['+Wm']), file, `${file}.png`);
      const theirs = await sharp(`${file}.png`).greyscale().raw().toBuffer({ resolveWithObject: true });
      const answer = await fetch(`${url}/rendered`, { headers: { accept: 'image/png' } });
      const ours = await sharp(Buffer.from(await answer.arrayBuffer()))
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([name, ours.info.width, ours.info.height]).toEqual([name, theirs.info.width, theirs.info.height]);
      let sum = 0;
      for (let i = 0; i < ours.data.length; i++) sum += Math.abs(ours.data[i] - theirs.data[i]);
      expect([name, sum / ours.data.length <= 2]).toEqual([name, true]);
    }
  });

  it('is, transcoded to Explicit VR Little Endian, the samples that dcmtk decodes itself', async () => {
    for (const name of ['cxr/chest-frontal-1024.dcm', 'ct-chest/ct07.dcm']) {
      const { file, url } = returned.get(name)!; // both stand in FILES
      const answer = await fetch(url, { headers: { accept: 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1' } });
      expect(answer.status).toBe(200);
      const decoded = `${file}.native`;
      writeFileSync(decoded, Buffer.from(await answer.arrayBuffer()));
      expect(await output('dcmdump', '-q', '+P', 'TransferSyntaxUID', decoded)).toContain('=LittleEndianExplicit');
      for (const [of, to] of [
        [file, `${file}.1.png`],
        [decoded, `${file}.2.png`],
      ])
        await output('dcmj2pnm', '+on', '+Wm', of, to);
      const [theirs, ours] = await Promise.all([1, 2].map((n) => sharp(`${file}.${n}.png`).greyscale().raw().toBuffer()));
      let greatest = 0;
      for (let i = 0; i < ours.length; i++) greatest = Math.max(greatest, Math.abs(ours[i] - theirs[i]));
      expect([name, greatest <= 2]).toEqual([name, true]);
    }
  });
});
