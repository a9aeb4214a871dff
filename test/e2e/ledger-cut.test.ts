import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEADS_FILE } from '../../src/ledger/heads-file.js';
import { headIn } from '../../src/ledger/head.js';
import { aChestXray } from './instances.js';
import { eventually, Wetread } from './wetread.js';

const CHECK = fileURLToPath(new URL('../../src/ledger/commands/verify.js', import.meta.url));
const image = aChestXray({ BodyPartExamined: 'HAND' });

let wetread: Wetread;
let end: number;
beforeEach(async () => {
  wetread = await Wetread.start();
  await wetread.store(image.bytes);
  await look(9);
  end = await seen();
});
afterEach(() => wetread.remove());

async function look(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await wetread.json('/dicom-web/studies', 'application/dicom+json');
}

/** Waits until the server has seen the end of what is on record, and answers its number. */
const seen = (): Promise<number> =>
  eventually(async () => {
    const [{ records, links }] = await wetread.sql<{ records: number; links: number }>(
      'SELECT (SELECT count(*)::int FROM ledger_record) AS records, (SELECT max(seq)::int FROM ledger_link) AS links',
    );
    return records === links && lastHead() === links ? links : undefined;
  }, 'head');
function lastHead(): number | undefined {
  try {
    const lines = readFileSync(join(wetread.folder, HEADS_FILE), 'utf8').trimEnd().split('\n');
    return headIn(lines[lines.length - 1])?.seq;
  } catch {
    return undefined;
  }
}

/** What the database's owner can do, so that nothing of it is seen afterwards. */
async function unguarded(...statements: string[]): Promise<void> {
  const each = (what: string) => ['ledger_record', 'ledger_link'].map((table) => `ALTER TABLE ${table} ${what}`);
  for (const statement of [
    ...each('DISABLE TRIGGER ALL'),
    ...statements,
    ...each('ENABLE ALWAYS TRIGGER append_only'),
    ...each('ENABLE ALWAYS TRIGGER append_only_whole'),
  ])
    await wetread.sql(statement);
}

async function check(of = wetread): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [CHECK], {
    env: { PATH: process.env['PATH'], ...of.settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said: said.join('') };
}

describe('The check of a server’s ledger', () => {
  it('finds it whole, and how far the server had seen it: while it runs, after it stopped, after it was killed', async () => {
    const whole = (at: number) => ({ code: 0, said: expect.stringMatching(new RegExp(`whole: ${at} records.*\n.* last number ${at} at`)) });
    expect(await check()).toMatchObject(whole(end));
    await look(3);
    await wetread.stop();
    expect(await check()).toMatchObject(whole(end + 3));
    await wetread.launch();
    await look(2);
    end = await seen();
    await wetread.kill();
    expect(await check()).toMatchObject(whole(end));
  });

  it('finds that of a new server whole: nothing is there, and nothing on record', async () => {
    const fresh = await Wetread.start();
    const [{ resources }] = await fresh.sql<{ resources: number }>('SELECT count(*)::int AS resources FROM resource');
    expect(resources).toBeGreaterThan(0); // its definitions
    expect(await check(fresh)).toMatchObject({ code: 0, said: expect.stringContaining('whole: 0 records') });
    await fresh.remove();
  });

  it('names the last records where they were deleted with their links, by the owner of the tables', async () => {
    await unguarded(
      `DELETE FROM ledger_record WHERE id IN (SELECT record_id FROM ledger_link WHERE seq > ${end - 5})`,
      `DELETE FROM ledger_link WHERE seq > ${end - 5}`,
    );
    expect(await check()).toMatchObject({
      code: 1,
      said: expect.stringContaining(`E_CUT: records ${end - 4}–${end} are gone: the server had seen number ${end} at 20`),
    });
    await look(9); // others get the numbers
    await eventually(async () => (wetread.log.join('').includes(`"ledger.cut","seen":${end}`) ? true : undefined), 'word in the log');
    await wetread.stop();
    await wetread.launch();
    await look(1);
    expect(await check()).toMatchObject({
      code: 1,
      said: expect.stringMatching(new RegExp(`E_OTHER: from number \\d+ to ${end} are others`)),
    });
  });

  it('never says of an emptied one that it is whole', async () => {
    await unguarded('DELETE FROM ledger_unlinked', 'DELETE FROM ledger_record', 'DELETE FROM ledger_link');
    const { code, said } = await check();
    expect([code, said]).toEqual([1, expect.stringContaining(`E_CUT: records 1–${end} are gone`)]);
    expect(said).toContain('E_EMPTY: there is no record, and yet there are studies');
    expect(said).not.toContain('whole:');
  });

  it('says where the database refuses changes no more', async () => {
    await wetread.sql('ALTER TABLE ledger_link DISABLE TRIGGER ALL');
    expect(await check()).toMatchObject({
      code: 1,
      said: expect.stringContaining(
        'E_UNGUARDED: changes are not refused any more: ledger_link.append_only, ledger_link.append_only_whole',
      ),
    });
  });
});
