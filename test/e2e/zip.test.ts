import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { read } from '../dicom/corpus.js';
import { patch, studyPath as pathOfStudy } from './changes.js';
import { aChestXray, newUid, sha256, type TestInstance } from './instances.js';
import { unzipped } from './unzipped.js';
import { Wetread } from './wetread.js';

const ZIP = 'application/zip';
const JPEG_LS = '1.2.840.10008.1.2.4.80';
const EXPLICIT = '1.2.840.10008.1.2.1';
const study = { StudyInstanceUID: newUid(), PatientID: 'P-42' };
const [first, second] = [newUid(), newUid()];
const instances = [
  aChestXray({ ...study, SeriesInstanceUID: first, InstanceNumber: 1 }),
  aChestXray({ ...study, SeriesInstanceUID: first, InstanceNumber: 2, Rows: 100, Columns: 120 }),
  aChestXray({ ...study, SeriesInstanceUID: second, InstanceNumber: 1 }, { transferSyntaxUID: '1.2.840.10008.1.2' }),
  aChestXray(
    { ...study, SeriesInstanceUID: newUid(), SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.11', Modality: 'SR', Rows: null, Columns: null },
    { pixelData: null },
  ),
];
const studyPath = `/dicom-web/studies/${study.StudyInstanceUID}`;

const demo = new URL('../../../../shared/dicom/demo/ct-chest/', import.meta.url);
const absent = [
  ...['unzip', 'dcmdump', 'dcmmkdir'].filter(
    (tool) => !(process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, tool))),
  ),
  ...(existsSync(demo) ? [] : ['../shared/dicom']),
];
if (absent.length > 0) console.warn(`${absent.join(', ')} absent: unzip and dcmtk read a study (2 tests) are skipped.`);

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...instances.map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances to retrieve were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const get = (path: string, accept = ZIP, headers: Record<string, string> = {}): Promise<Response> =>
  wetread.fetch(path, { headers: { accept, ...headers } });
const filesOf = async (answer: Response): Promise<Map<string, Buffer>> => {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, ZIP]);
  return unzipped(Buffer.from(await answer.arrayBuffer()));
};
const dicomOf = (files: ReadonlyMap<string, Buffer>): Buffer[] =>
  [...files].filter(([name]) => name !== 'DICOMDIR').map(([, bytes]) => bytes);

/** Values of an element of the directory's records, whole, in their order. */
function inDirectory(files: ReadonlyMap<string, Buffer>, element: string): string[] {
  const directory = files.get('DICOMDIR') ?? Buffer.alloc(0);
  const head = Buffer.from(`0400${element}`, 'hex');
  const values: string[] = [];
  for (let at = directory.indexOf(head, 300); at >= 0; at = directory.indexOf(head, at + 1))
    values.push(directory.toString('latin1', at + 8, at + 8 + directory.readUInt16LE(at + 6)).replace(/[\0 ]+$/, ''));
  return values;
}
const FILE_ID = '0015';
const RECORD_TYPE = '3014';
const TRANSFER_SYNTAX = '1215';
const listed = (files: ReadonlyMap<string, Buffer>): string[] => inDirectory(files, FILE_ID).map((id) => id.replaceAll('\\', '/'));

describe('A study to take along (application/zip, PS3.18 10.4.4)', () => {
  it.each<[string, string, readonly TestInstance[]]>([
    ['study', studyPath, instances],
    ['series', `${studyPath}/series/${first}`, instances.slice(0, 2)],
    ['instance', instances[2].path, [instances[2]]],
  ])('holds the files of a %s as they came, and a DICOMDIR that lists them all', async (level, path, expected) => {
    for (const accept of [ZIP, 'application/zip; transfer-syntax=*', 'text/html, application/zip;q=0.5']) {
      const answer = await get(path, accept);
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${level}.zip"`); // names nobody
      const files = await filesOf(answer);
      expect(dicomOf(files).map(sha256).sort()).toEqual(expected.map((one) => one.sha256).sort());
      expect(listed(files).sort()).toEqual([...files.keys()].filter((name) => name !== 'DICOMDIR').sort());
      for (const name of listed(files)) expect(name).toMatch(/^[A-Z0-9_]{1,8}(\/[A-Z0-9_]{1,8}){0,7}$/); // PS3.10 8.2
    }
  });

  it('is asked for by name: others still get parts', async () => {
    expect((await get(studyPath, '*/*')).headers.get('content-type')).toMatch(/^multipart\/related; type="application\/dicom"/);
    const answer = await get(studyPath, 'text/html');
    expect([answer.status, ((await answer.json()) as { detail: string }).detail.includes(ZIP)]).toEqual([406, true]);
    // A container of something else is not what is here.
    expect((await get(studyPath, 'application/zip; type="application/dicom+json"')).status).toBe(406);
    expect((await get(studyPath, 'application/zip; type="application/dicom"')).status).toBe(200);
  });

  it('is in the transfer syntax asked for, what holds no pixels uncompressed, and its directory says so', async () => {
    const files = await filesOf(await get(studyPath, `application/zip; transfer-syntax=${JPEG_LS}`));
    const syntaxes = await Promise.all(dicomOf(files).map(async (bytes) => (await read(bytes)).transferSyntaxUID));
    expect([...syntaxes].sort()).toEqual([EXPLICIT, JPEG_LS, JPEG_LS, JPEG_LS].sort());
    expect(inDirectory(files, TRANSFER_SYNTAX).sort()).toEqual([...syntaxes].sort());
    expect(inDirectory(files, RECORD_TYPE).filter((type) => type === 'SR DOCUMENT')).toHaveLength(1);
  });

  it('is refused in a transfer syntax that nothing is written in (406), not cut off', async () => {
    const answer = await get(studyPath, 'application/zip; transfer-syntax=1.2.840.10008.1.2.4.102');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([406, 'application/problem+json; charset=utf-8']);
  });

  it('has the attributes as they are now where they were changed', async () => {
    const changed = aChestXray({ PatientName: 'Before^Name' });
    await wetread.store(changed.bytes);
    const change = { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'After^Name' }] } };
    expect((await patch(wetread, pathOfStudy(changed), change)).status).toBe(204);
    const files = await filesOf(await get(changed.path));
    const [{ dataset }] = await Promise.all(dicomOf(files).map(read));
    expect(dataset['00100010'].Value).toEqual([{ Alphabetic: 'After^Name' }]);
    expect(files.get('DICOMDIR')?.includes('After^Name')).toBe(true);
  });

  it('is not sent again to who has it (304), and its head alone is without a body', async () => {
    const etag = (await get(studyPath)).headers.get('etag') ?? '';
    const again = await get(studyPath, ZIP, { 'if-none-match': etag });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    expect((await get(`${studyPath}/series/${first}`, ZIP, { 'if-none-match': etag })).status).toBe(200);
    const head = await wetread.fetch(studyPath, { method: 'HEAD', headers: { accept: ZIP } });
    expect([head.status, head.headers.get('content-type'), (await head.arrayBuffer()).byteLength]).toEqual([200, ZIP, 0]);
  });

  it('is on record before its bytes leave', async () => {
    const count = async () =>
      Number(
        (await wetread.sql<{ n: string }>(`SELECT count(*) AS n FROM ledger_record WHERE event::jsonb ->> 'action' = 'data.fetched'`))[0].n,
      );
    const before = await count();
    await (await get(studyPath)).arrayBuffer();
    expect(await count()).toBe(before + 1);
  });

  it('breaks off where a file is gone on the way, and has its status where the first one is', async () => {
    const aStudyWithout = async (gone: 0 | 1): Promise<string> => {
      const uids = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
      const both = [aChestXray(uids), aChestXray(uids)];
      for (const { bytes } of both) await wetread.store(bytes);
      const { sha256: hash } = both[gone];
      rmSync(join(wetread.folder, 'archive', 'objects', hash.slice(0, 2), `${hash}.dcm`));
      return `/dicom-web/studies/${uids.StudyInstanceUID}`;
    };
    const cutOff = await get(await aStudyWithout(1));
    expect(cutOff.status).toBe(200);
    await expect(cutOff.arrayBuffer()).rejects.toThrow('terminated');
    expect((await get(await aStudyWithout(0))).status).toBeGreaterThanOrEqual(500);
  });
});

const run = promisify(execFile);
(absent.length === 0 ? describe : describe.skip)('A CT study as a ZIP archive', () => {
  let folder: string;
  const sent = absent.length > 0 ? [] : readdirSync(demo).map((name) => readFileSync(new URL(name, demo)));
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wetread-zip-'));
    const { stored } = await wetread.store(...sent);
    const [path] = new URL(stored[0].retrieveUrl).pathname.split('/series/');
    writeFileSync(join(folder, 'study.zip'), Buffer.from(await (await get(path)).arrayBuffer()));
    mkdirSync(join(folder, 'unzipped'));
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is unpacked by unzip without a word, to the files that were sent', async () => {
    const { stdout, stderr } = await run('unzip', ['-q', 'study.zip', '-d', 'unzipped'], { cwd: folder });
    expect([stdout, stderr]).toEqual(['', '']);
    const files = readdirSync(join(folder, 'unzipped', 'DICOM'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const hashes = files.map(({ parentPath, name }) => sha256(readFileSync(join(parentPath, name))));
    expect(hashes.sort()).toEqual(sent.map(sha256).sort());
  });

  it('has a DICOMDIR whose records dcmdump finds and dcmmkdir goes on from', async () => {
    const cwd = join(folder, 'unzipped');
    const dump = async () => run('dcmdump', ['DICOMDIR'], { cwd, maxBuffer: 64 * 2 ** 20 });
    const { stdout, stderr } = await dump();
    expect(stderr).toBe('');
    const named = [...stdout.matchAll(/refFileID="([^"]+)"/g)].map(([, name]) => name.replaceAll('\\', '/'));
    expect(named).toHaveLength(sent.length);
    for (const name of named) expect(existsSync(join(cwd, name))).toBe(true);
    writeFileSync(join(cwd, 'OTHER'), aChestXray({ PatientID: 'P-43' }).bytes);
    await run('dcmmkdir', ['+A', '-Nxc', '+D', 'DICOMDIR', 'OTHER'], { cwd });
    const { stdout: more } = await dump();
    expect([...more.matchAll(/refFileID=/g)]).toHaveLength(sent.length + 1);
    for (const name of named) expect(more).toContain(name.replaceAll('/', '\\'));
  });
});
