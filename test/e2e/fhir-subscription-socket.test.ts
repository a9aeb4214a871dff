import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, Parameters, Subscription } from 'fhir/r4.js';
import { WebSocket } from 'ws';
import { statusOf } from './hook.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const get = async <T>(path: string): Promise<T> => (await (await wetread.fetch(`/fhir/${path}`)).json()) as T;

describe('A subscription by WebSocket', () => {
  it('hears a sign of life where nothing happens, again and again, until it is off', async () => {
    const period = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-heartbeat-period';
    const asked = {
      resourceType: 'Subscription',
      id: 'beating',
      status: 'requested',
      reason: 'To be told',
      criteria: 'urn:wetread:topic:report-issued',
      channel: { type: 'websocket', extension: [{ url: period, valueUnsignedInt: 1 }] },
    };
    const put = (body: object) =>
      wetread.fetch('/fhir/Subscription/beating', {
        method: 'PUT',
        headers: { 'content-type': 'application/fhir+json' },
        body: JSON.stringify(body),
      });
    expect((await put(asked)).status).toBe(201);
    const active = () => get<Subscription>('Subscription/beating').then(({ status }) => (status === 'active' ? true : undefined));
    await eventually(active, 'active subscription');
    const { parameter = [] } = await get<Parameters>('Subscription/beating/$get-ws-binding-token');
    const of = (name: string) => parameter.find((one) => one.name === name);
    const socket = new WebSocket(of('websocket-url')?.valueUrl ?? '');
    const heard: Bundle[] = [];
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Bundle));
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send(`bind-with-token ${of('token')?.valueString}`);
    await eventually(() => Promise.resolve(heard.length >= 3 ? true : undefined), 'two heartbeats');
    expect(heard.slice(0, 3).map((one) => statusOf(one, 'type'))).toEqual(['handshake', 'heartbeat', 'heartbeat']);
    // Asked for at the type, of the one that is named (Backport 1.1).
    const { parameter: named } = await get<Parameters>('Subscription/$get-ws-binding-token?id=beating');
    expect(named?.map(({ name }) => name)).toEqual(parameter.map(({ name }) => name));
    for (const query of ['', '?id=beating,other'])
      expect((await wetread.fetch(`/fhir/Subscription/$get-ws-binding-token${query}`)).status).toBe(400);
    expect((await put({ ...asked, status: 'off' })).status).toBe(200);
    expect(await closed).toBe(1011);
  });
});
