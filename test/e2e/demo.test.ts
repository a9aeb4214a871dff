import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aChestXray } from './instances.js';

const built = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wetread-demo-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command of the project as npm would, on a data folder of its own. */
function run(...command: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, command, { env: { PATH: process.env['PATH'], WETREAD_DATA: join(folder, 'data') } });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.resume();
  return new Promise((done) => child.on('close', (code) => done({ code, said })));
}

describe('The demo', () => {
  it('reports four phantoms, with quality and the numbers behind each verdict, and ends with 0', async () => {
    const { code, said } = await run(built('demo/main.js'), '--exit');
    expect(said.match(/Pneumonia: (present|second-look|absent), probability [\d.]+ %, uncertainty [\d.]+ % \(cpu\)/g)).toHaveLength(4);
    expect(said.match(/image quality \d+ of 100/g)).toHaveLength(4);
    expect(said).toContain('The phantoms are drawings');
    for (const address of ['/dicom-web', '/fhir', '/graphql', '/docs']) expect(said).toContain(`${address} `);
    expect(said).toMatch(/decode [\d.]+ ms, prepare [\d.]+ ms, model [\d.]+ ms/);
    expect(code).toBe(0);
  });

  it('says of the own file of a user why it was not read; what is no DICOM is refused', async () => {
    writeFileSync(join(folder, 'hand.dcm'), aChestXray({ BodyPartExamined: 'HAND' }).bytes);
    writeFileSync(join(folder, 'letter.dcm'), 'Dear colleague');
    const { code, said } = await run(built('demo/main.js'), '--exit', join(folder, 'hand.dcm'), join(folder, 'letter.dcm'));
    expect(said).toContain('Stored 1 of 2 instances');
    expect(said).toMatch(/refused: 0xC000 \w+/);
    expect(said).toMatch(/not read: the body part is not/);
    expect(code).toBe(0);
  });

  it('leaves a ledger that its own command finds whole', async () => {
    const { code, said } = await run(built('ledger/commands/verify.js'));
    expect(said).toMatch(/The ledger is whole: \d+ records/);
    expect(code).toBe(0);
  });

  it('does a whole validation study by the public API, and its package checks itself and finds every changed byte', async () => {
    const out = join(folder, 'evidence.zip');
    const { code, said } = await run(built('demo/main.js'), 'study', '--cases', '40', '--out', out);
    expect(said).toContain('tried: results before the unblinding: refused (409 still-blinded)');
    expect(said).toContain('tried: dropping cases after the lock: refused (409 dataset-locked)');
    expect(said).toMatch(/The package is valid/);
    expect(said).toMatch(/computed anew from the tables of 40 cases \(0 without an answer\) and 3 readers, to the last digit: 9 endpoints/);
    expect(said.match(/byte \d+ changed: (CHANGED|SIGNATURE|MISSING): /g)).toHaveLength(5);
    expect(said).toContain('The package holds, and no changed byte passes.');
    expect([code, existsSync(out)]).toEqual([0, true]);
  }, 180_000);
});
