import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { evidencePackage } from '../../../src/evidence/package/evidence-package.js';
import { Findings } from '../../../src/evidence/package/verify/findings.js';
import { ZipBag } from '../../../src/evidence/package/verify/zip-bag.js';
import { zipOf, type Zip, type ZipFile } from '../../../src/evidence/package/zip.js';
import { centralHeader, localHeader } from '../../../src/evidence/package/zip-records.js';
import { aFile, aPackage, aSigning, bytesOf } from './a-package.js';

const folder = mkdtempSync(join(tmpdir(), 'wetread-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

const has = (tool: string, ...given: readonly string[]): boolean => spawnSync(tool, given).status === 0;
const UNZIP = has('unzip', '-v');
const PYTHON = has('python3', '--version');
if (!UNZIP) console.warn('unzip is not here: its reading is not tested');
if (!PYTHON) console.warn('python3 is not here: its reading is not tested');

const run = (tool: string, ...given: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(tool, given, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { code: status, said: (stdout + stderr).trimEnd() };
};

const fileOf = (name: string, text: string): ZipFile => {
  const bytes = Buffer.from(text);
  return { name, size: bytes.length, crc: crc32(bytes), open: () => [bytes] };
};

const ZEROS = Buffer.alloc(1 << 20);
/** Of so many MiB of zeros, and an end. */
function aLargeFile(name: string, mebibytes: number): ZipFile {
  const end = Buffer.from('the end');
  function* open(): Generator<Buffer, void> {
    for (let i = 0; i < mebibytes; i++) yield ZEROS;
    yield end;
  }
  let crc = 0;
  for (const piece of open()) crc = crc32(piece, crc);
  return { name, size: mebibytes * ZEROS.length + end.length, crc, open };
}

/** Writes an archive where what is zeros takes no place on the disk. */
async function sparsely(path: string, zip: Zip): Promise<void> {
  const file = openSync(path, 'w');
  let at = 0;
  for await (const piece of zip.bytes()) {
    if (piece !== ZEROS) writeSync(file, piece, 0, piece.length, at);
    at += piece.length;
  }
  ftruncateSync(file, at);
  closeSync(file);
}

/** What the check that is handed out with a package finds in an archive that it reads to its end. */
async function foundIn(path: string): Promise<{ names: readonly string[]; found: unknown[]; bytes: number }> {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(Math.min(length, size - offset));
    readSync(file, bytes, 0, bytes.length, offset);
    return bytes;
  };
  const findings = new Findings();
  const bag = ZipBag.open({ size, read }, findings);
  let bytes = 0;
  for (const name of bag?.names ?? []) for await (const piece of bag?.read(name) ?? []) bytes += piece.length;
  closeSync(file);
  return { names: bag?.names ?? [], found: findings.all, bytes };
}

describe('A package’s ZIP', () => {
  it('is read by unzip and by Python, with its names in any script', async () => {
    const files = [aFile('01-protocol/プロトコル.json', '{}'), aFile('empty', ''), aFile('grün 100%.csv', 'a\n')];
    const path = join(folder, 'package.zip');
    writeFileSync(path, await bytesOf(await evidencePackage(aPackage(files), aSigning())));
    if (UNZIP)
      expect(run('unzip', '-t', path)).toEqual({ code: 0, said: expect.stringMatching(/No errors detected in compressed data of/) });
    if (PYTHON) {
      const script = `import sys, zipfile, json
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps([z.testzip(), z.namelist(), z.read('data/grün 100%.csv').decode(), sorted(set(i.date_time for i in z.infolist()))]))`;
      const { code, said } = run('python3', '-c', script, path);
      expect(code).toBe(0);
      const [broken, names, text, dates] = JSON.parse(said) as [null, string[], string, number[][]];
      expect([broken, text, dates]).toEqual([null, 'a\n', [[1980, 1, 1, 0, 0, 0]]]);
      expect(names).toEqual(names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      expect(names).toContain('data/01-protocol/プロトコル.json');
    }
    expect(await foundIn(path)).toMatchObject({ found: [] });
  });

  it('is one that is empty where there are no files', async () => {
    const path = join(folder, 'none.zip');
    await sparsely(path, zipOf([]));
    expect(await foundIn(path)).toEqual({ names: [], found: [], bytes: 0 });
    if (PYTHON) expect(run('python3', '-m', 'zipfile', '-t', path).code).toBe(0);
  });

  it('takes more than 65,535 files, of more than 4 GiB, and files behind these (ZIP64)', async () => {
    const large = aLargeFile('b-large', 4_097);
    const small = Array.from({ length: 66_000 }, (_, i) => fileOf(`c/${String(i).padStart(6, '0')}`, String(i)));
    const path = join(folder, 'large.zip');
    const zip = zipOf([...small, large, fileOf('a-first', 'first')]);
    await sparsely(path, zip);
    const read = await foundIn(path);
    expect([read.names.length, read.found, read.names[1]]).toEqual([66_002, [], 'b-large']);
    expect(read.bytes).toBe(large.size + 'first'.length + small.reduce((sum, { size }) => sum + size, 0));
    if (PYTHON) {
      const script = `import sys, zipfile, os
z = zipfile.ZipFile(sys.argv[1])
i = z.infolist()
print(len(i), i[1].file_size, i[-1].header_offset > 2**32, z.read('c/065999').decode(), os.path.getsize(sys.argv[1]))`;
      expect(run('python3', '-c', script, path)).toEqual({ code: 0, said: `66002 ${large.size} True 65999 ${zip.size}` });
    }
    if (UNZIP) expect(run('unzip', '-tqq', path)).toEqual({ code: 0, said: '' });
  }, 300_000);

  it.each([65_534, 65_535, 65_536])('is read with %i files', async (count) => {
    const path = join(folder, `${count}.zip`);
    await sparsely(path, zipOf(Array.from({ length: count }, (_, i) => fileOf(String(i), ''))));
    expect(await foundIn(path)).toMatchObject({ found: [], bytes: 0 });
    if (PYTHON)
      expect(run('python3', '-c', 'import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))', path).said).toBe(
        String(count),
      );
  });

  it('has a size or an offset where 32 bits hold it, and in the ZIP64 field from 4 GiB − 1 on (4.4.1.4, 4.5.3)', () => {
    const at = (size: number, offset: number) => {
      const [local, central] = [localHeader({ name: 'a', size, crc: 0 }), centralHeader({ name: 'a', size, crc: 0, offset })];
      const values = (extra: Buffer) =>
        Array.from({ length: Math.max(0, (extra.length - 4) / 8) }, (_, i) => Number(extra.readBigUInt64LE(4 + 8 * i)));
      return [
        local.readUInt32LE(22),
        values(local.subarray(31)),
        central.readUInt32LE(24),
        central.readUInt32LE(42),
        values(central.subarray(47)),
      ];
    };
    const [below, edge] = [0xfffffffe, 0xffffffff];
    expect(at(below, below)).toEqual([below, [], below, below, []]);
    expect(at(edge, below)).toEqual([edge, [edge, edge], edge, below, [edge, edge]]);
    expect(at(5, edge)).toEqual([5, [], 5, edge, [edge]]);
    expect(at(2 ** 40, 2 ** 41)).toEqual([edge, [2 ** 40, 2 ** 40], edge, edge, [2 ** 40, 2 ** 40, 2 ** 41]]);
  });
});
