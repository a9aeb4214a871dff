import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { childrenOf } from './processes.js';
import { aPhantom, idle, onRecord, reportOf } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => (wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' })));
afterAll(() => wetread.remove());

const engines = (): number[] =>
  childrenOf(wetread.pid)
    .filter(({ command }) => command.includes('engine-child'))
    .map(({ pid }) => pid);
const engine = (): Promise<number> => eventually(() => Promise.resolve(engines()[0]), 'engine process');

describe('An engine process that is killed', () => {
  it('while idle is replaced, and the next study gets its one report', async () => {
    const phantom = aPhantom();
    process.kill(await engine(), 'SIGKILL');
    await wetread.store(phantom.bytes);
    const { id } = await reportOf(wetread, phantom.studyInstanceUID);
    expect(await idle(wetread)).toEqual([]);
    expect((await onRecord(wetread, 'report.issued')).filter(({ entity }) => entity.id === id)).toHaveLength(1);
  });

  it('in the middle of its work does it again in another, and the study gets its one report', async () => {
    const phantom = aPhantom();
    const pid = await engine();
    process.kill(pid, 'SIGSTOP'); // so that the run is surely under way when it dies
    await wetread.store(phantom.bytes);
    await eventually(async () => {
      const { checks } = await wetread.json<{ checks: { inference: { running: number } } }>('/health');
      return checks.inference.running > 0 ? true : undefined;
    }, 'run under way');
    process.kill(pid, 'SIGKILL');
    const { id } = await reportOf(wetread, phantom.studyInstanceUID);
    expect(engines()).not.toContain(pid);
    expect(await idle(wetread)).toEqual([]);
    expect((await onRecord(wetread, 'report.issued')).filter(({ entity }) => entity.id === id)).toMatchObject([{ entity: { version: 1 } }]);
    expect((await onRecord(wetread, 'image.read')).filter(({ changes }) => changes['model'] !== undefined)).toHaveLength(2);
  });
});
