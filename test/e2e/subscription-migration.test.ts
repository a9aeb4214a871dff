import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Subscription } from 'fhir/r4.js';
import { dataSource } from '../../src/database/data-source.js';
import { SCHEMA } from '../../src/schema.js';
import { Hook } from './hook.js';
import { aPhantom, idle } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

const SECRET = 'Bearer from-before';
let hook: Hook;
let wetread: Wetread;
beforeAll(async () => {
  hook = await Hook.open();
  wetread = await Wetread.start({ SUBSCRIPTION_HOSTS: hook.host });
});
afterAll(async () => {
  await wetread.remove();
  await hook.close();
});

describe('A Subscription from before its maker was kept', () => {
  it('goes on for who made it by the record, and shows its headers to nobody any more, in no version', async () => {
    const channel = {
      type: 'rest-hook',
      endpoint: hook.url('/old'),
      payload: 'application/fhir+json',
      header: [`Authorization: ${SECRET}`],
    };
    const body = {
      resourceType: 'Subscription',
      id: 'old',
      status: 'requested',
      reason: 'x',
      criteria: 'urn:wetread:topic:report-issued',
      channel,
    };
    const headers = { 'content-type': 'application/fhir+json' };
    await wetread.fetch('/fhir/Subscription/old', { method: 'PUT', headers, body: JSON.stringify(body) });
    const status = async () => ((await (await wetread.fetch('/fhir/Subscription/old')).json()) as Subscription).status;
    await eventually(async () => ((await status()) === 'active' ? true : undefined), 'active Subscription');
    await idle(wetread);
    await wetread.stop();

    const source = await dataSource(wetread.databaseUrl ?? '', SCHEMA).initialize();
    const place = SCHEMA.migrations.findIndex(({ name }) => name === 'SubscriptionOwners');
    for (let i = SCHEMA.migrations.length; i > place; i--) await source.undoLastMigration({ transaction: 'each' });
    // As an older server kept the version before: as it was given.
    await source.query(
      `UPDATE resource_version SET content = regexp_replace(content, '\\*{5}[0-9a-f]{16}', $1) WHERE type = 'Subscription'`,
      [SECRET],
    );
    const [before] = (await source.query(`SELECT content FROM resource WHERE id = 'old'`)) as [{ content: string }];
    expect(before.content).toContain(SECRET);
    await source.destroy();

    await wetread.launch();
    const texts = await Promise.all(
      ['old', 'old/_history', 'old/_history/1'].map(async (at) => (await wetread.fetch(`/fhir/Subscription/${at}`)).text()),
    );
    for (const text of texts) expect([text.includes('Authorization: *****'), text.includes('from-before')]).toEqual([true, false]);
    expect(await wetread.sql(`SELECT owner FROM subscription_owner`)).toMatchObject([
      { owner: { id: 'local', kind: 'person', tenant: 1 } },
    ]);
    await wetread.store(aPhantom().bytes);
    await hook.notified('/old', 'event-notification', 1);
    expect(hook.heard.at(-1)?.headers.authorization).toBe(SECRET);
  });
});
