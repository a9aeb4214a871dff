import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

/** Lets no count come to its end meanwhile: the table of old versions is held. */
async function whileNothingIsCounted(work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: wetread.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE resource_version IN ACCESS EXCLUSIVE MODE');
    await work();
  } finally {
    await client.end();
  }
}

const begin = async (): Promise<string> => {
  const begun = await wetread.fetch('/fhir/$export', { headers: { prefer: 'respond-async' } });
  return new URL(begun.headers.get('content-location') ?? '').pathname;
};
const statusOf = async (place: string): Promise<[number, string | null, string | null]> => {
  const { status, headers } = await wetread.fetch(place);
  return [status, headers.get('x-progress'), headers.get('retry-after')];
};
const UNDER_WAY = [202, expect.stringMatching(/^\d+ resources counted$/), '1'];
const outputOf = (id: string) => wetread.sql<{ output: unknown }>('SELECT output FROM export_job WHERE id = $1', [id]);
const idOf = (place: string): string => place.split('/').at(-1) ?? '';
const isReady = (place: string) => eventually(async () => ((await statusOf(place))[0] === 200 ? true : undefined), 'manifest');

describe('The status of an export (Bulk Data 2.0, bulk data status request)', () => {
  it('is 202 with its progress while it is counted, which nobody needs to wait for', async () => {
    const place = await begin();
    await whileNothingIsCounted(async () => {
      const [first, second] = await Promise.all([statusOf(place), statusOf(place)]);
      expect([first, second]).toEqual([UNDER_WAY, UNDER_WAY]);
      expect(await outputOf(idOf(place))).toEqual([{ output: null }]);
    });
    // Nobody asks: it goes on.
    await eventually(async () => ((await outputOf(idOf(place)))[0].output === null ? undefined : true), 'count');
    expect((await statusOf(place))[0]).toBe(200);
  });

  it('is counted again where the server was killed meanwhile', async () => {
    const place = await begin();
    await whileNothingIsCounted(async () => {
      expect(await statusOf(place)).toEqual(UNDER_WAY);
      await wetread.kill();
    });
    await wetread.launch();
    expect(await outputOf(idOf(place))).toEqual([{ output: null }]);
    await isReady(place);
  });

  it('is 404 once it is cancelled, and no count is kept', async () => {
    const place = await begin();
    await whileNothingIsCounted(async () => {
      expect(await statusOf(place)).toEqual(UNDER_WAY);
      expect((await wetread.fetch(place, { method: 'DELETE' })).status).toBe(202);
      expect((await statusOf(place))[0]).toBe(404);
    });
    expect(await outputOf(idOf(place))).toEqual([]);
    await isReady(await begin());
  });
});
