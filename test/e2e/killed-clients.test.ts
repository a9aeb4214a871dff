import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as later } from 'node:timers/promises';
import { aClient, killed } from './clients.js';
import { aChestXray } from './instances.js';
import { eventually } from './wetread.js';
import { Wire, WIRES } from './wires.js';

/** 8 MiB: more than any buffer on the way holds of twelve. */
const large = aChestXray({ Rows: 2_048, Columns: 2_048 });
const query = 'subscription { reportIssued { id } }';
const FOLLOW = {
  method: 'POST',
  path: '/graphql/stream',
  headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  body: JSON.stringify({ query }),
};
const RETRIEVE = { method: 'GET', path: large.path, headers: { accept: 'application/dicom; transfer-syntax=*' } };

describe.each(WIRES)('By %s, a client that is killed is seen to leave:', (name) => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await Wire.to(name);
    await wire.store(large.bytes);
  });
  afterAll(() => wire.remove());

  it('its subscriptions end, and are no longer of those that are open', async () => {
    await killed(await aClient(wire, { ...FOLLOW, times: 101 }));
    const followed = async (): Promise<true | undefined> => {
      const one = wire.ask(FOLLOW.path, FOLLOW);
      const status = await one.status;
      one.leave();
      return status === 200 || undefined;
    };
    expect(await eventually(followed, 'room for a subscription')).toBe(true);
  });

  it('the server stops, though answers were on their way', async () => {
    await killed(await aClient(wire, { ...RETRIEVE, times: 12 }));
    const stopped = wire.wetread.stop();
    expect(await Promise.race([stopped, later(20_000, 'it still runs', { ref: false })])).toBe(0);
  });
});
