import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bundle, Parameters, Subscription } from 'fhir/r4.js';
import { WebSocket } from 'ws';
import { patientResourceId } from '../../src/archive/fhir/patient.js';
import { AnIssuer } from './an-issuer.js';
import { Hook } from './hook.js';
import { aPhantom, onRecord } from './phantoms.js';
import { TokenMaker, type TokenAsked } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

const BACKPORT = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/';
const SECRET = 'Bearer a-secret-of-hers';
let hook: Hook;
let wetread: Wetread;
let issuer: AnIssuer;
let maker: TokenMaker;
let app: string;
let system: Record<string, string>;
/** A radiologist with an account, and their requests' headers. */
let hers: Record<string, string>;
let her: string;
let people = 0;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  hook = await Hook.open();
  wetread = await Wetread.start({ AUTH: 'on', SUBSCRIPTION_HOSTS: hook.host });
  issuer = new AnIssuer(wetread);
  maker = await TokenMaker.of(wetread);
  app = (await issuer.app()).clientId;
  const grantTypes = ['client_credentials'] as const;
  const machine = { grantTypes, redirectUris: [], scope: 'system/*.cruds', authMethod: 'client_secret_basic', roles: ['system'] } as const;
  const { clientId } = await issuer.app({ clientId: 'a-machine', ...machine });
  system = await maker.headers({
    kind: 'system',
    roles: ['system'],
    scope: 'system/*.cruds',
    claims: { sub: clientId, client_id: clientId },
  });
}, 120_000);
afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  await issuer.close();
  await wetread.remove();
  await hook.close();
});
beforeEach(async () => {
  ({ id: her, headers: hers } = await radiologist());
});

async function radiologist(more: TokenAsked = {}): Promise<{ id: string; headers: Record<string, string> }> {
  const { id } = await issuer.account(`reader-${++people}`);
  return { id, headers: await maker.headers({ scope: 'user/*.cruds', ...more, claims: { sub: id, client_id: app, ...more.claims } }) };
}
const fhir = (method: string, path: string, headers: Record<string, string>, body?: object) =>
  wetread.fetch(`/fhir/${path}`, {
    method,
    headers: { 'content-type': 'application/fhir+json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
const read = async <T>(path: string, headers: Record<string, string>): Promise<T> => (await (await fhir('GET', path, headers)).json()) as T;
const statusOf = async (method: string, path: string, headers: Record<string, string>, body?: object): Promise<number> =>
  (await fhir(method, path, headers, body)).status;

const asked = (channel: Record<string, unknown>) => ({
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'To be told',
  criteria: 'urn:wetread:topic:report-issued',
  channel: {
    payload: 'application/fhir+json',
    _payload: { extension: [{ url: `${BACKPORT}backport-payload-content`, valueCode: 'full-resource' }] },
    ...channel,
  },
});
type Made = Subscription & { id: string };
const byWebSocket = { type: 'websocket' };
const byHook = (path: string, header?: readonly string[]) => ({
  type: 'rest-hook',
  endpoint: hook.url(path),
  ...(header && { header }),
});
const settled = (id: string, headers: Record<string, string>): Promise<Made> =>
  eventually(async () => {
    const now = await read<Made>(`Subscription/${id}`, headers);
    return now.status === 'requested' ? undefined : now;
  }, 'end of the handshake');
async function subscribed(headers: Record<string, string>, channel: Record<string, unknown>): Promise<Made> {
  const { id } = (await (await fhir('POST', 'Subscription', headers, asked(channel))).json()) as Made;
  return settled(id, headers);
}
async function aReport(): Promise<string> {
  const phantom = aPhantom();
  const patient = patientResourceId({ '00100020': { vr: 'LO', Value: [phantom.patientID] } }, '');
  await wetread.storeAs(system, phantom.bytes);
  return eventually(async () => {
    const { entry } = await read<Bundle>(`DiagnosticReport?subject=Patient/${patient}`, system);
    return entry?.[0]?.resource?.id;
  }, 'the report');
}

/** A WebSocket bound to a Subscription. */
async function bound(id: string, headers: Record<string, string>) {
  const { parameter = [] } = await read<Parameters>(`Subscription/${id}/$get-ws-binding-token`, headers);
  const of = (name: string) => parameter.find((one) => one.name === name);
  const socket = new WebSocket(of('websocket-url')?.valueUrl ?? '');
  sockets.push(socket);
  const heard: string[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('message', (data: Buffer) => heard.push(data.toString()));
  await new Promise((resolve) => socket.on('open', resolve));
  socket.send(`bind-with-token ${of('token')?.valueString}`);
  await eventually(() => Promise.resolve(heard.length > 0 ? true : undefined), 'handshake');
  return { heard, closed };
}
const heardAt = (path: string): string[] => hook.heard.filter((one) => one.path === path).map(({ text }) => text);

describe('A Subscription whose maker is gone', () => {
  const remove = async (id: string) =>
    expect(
      (await wetread.fetch(`/access/accounts/${id}`, { method: 'DELETE', headers: await maker.headers({ roles: ['administrator'] }) }))
        .status,
    ).toBe(204);

  it('tells nothing more, by WebSocket or by rest-hook, and says why it is off', async () => {
    const socketed = await subscribed(hers, byWebSocket);
    const hooked = await subscribed(hers, byHook('/gone'));
    const { heard, closed } = await bound(socketed.id, hers);
    await remove(her);
    const report = await aReport();
    expect([1011, 4401]).toContain(await closed);
    for (const { id } of [socketed, hooked]) {
      const now = await eventually(async () => {
        const one = await read<Made>(`Subscription/${id}`, system);
        return one.status === 'off' ? one : undefined;
      }, 'end of the Subscription');
      expect(now.error).toMatch(/made it is no longer here/);
    }
    expect([...heard, ...heardAt('/gone')].filter((text) => text.includes(report))).toEqual([]);
  });

  it('ends with the role, too', async () => {
    const { id } = await subscribed(hers, byHook('/role'));
    const headers = { ...(await maker.headers({ roles: ['administrator'] })), 'content-type': 'application/json' };
    const body = JSON.stringify({ roles: ['model-admin'] });
    expect((await wetread.fetch(`/access/accounts/${her}`, { method: 'PATCH', headers, body })).status).toBe(200);
    const report = await aReport();
    await eventually(async () => ((await read<Made>(`Subscription/${id}`, system)).status === 'off' ? true : undefined), 'end');
    expect(heardAt('/role').filter((text) => text.includes(report))).toEqual([]);
  });

  it('may be deleted by a system', async () => {
    const { id } = await subscribed(hers, byWebSocket);
    await remove(her);
    expect(await statusOf('PUT', `Subscription/${id}`, system, { ...asked(byWebSocket), id })).toBe(403);
    expect(await statusOf('DELETE', `Subscription/${id}`, system)).toBe(204);
  });
});

describe('A WebSocket', () => {
  it('ends with the access token by which it may be bound', async () => {
    const { id } = await subscribed(hers, byWebSocket);
    const jti = `socket-${people}`;
    const { headers } = await radiologist({ claims: { jti } });
    const { closed } = await bound(id, headers);
    await wetread.sql(`INSERT INTO revoked_token (mark, expires) VALUES ($1, now() + interval '1 h')`, [jti]);
    expect(await closed).toBe(4401);
  });

  it('leaves on record who listened and who made the Subscription; a rest-hook who made it', async () => {
    const socketed = await subscribed(hers, byWebSocket);
    const hooked = await subscribed(hers, byHook('/record'));
    const listener = await radiologist();
    const { heard } = await bound(socketed.id, listener.headers);
    const report = await aReport();
    await eventually(() => Promise.resolve(heard.length > 1 && heardAt('/record').length > 1 ? true : undefined), 'notifications');
    const told = (await onRecord(wetread, 'data.fetched')).filter(({ changes }) => changes['what'] === 'notification');
    const madeBy = `user:${her}`;
    for (const [id, actor] of [
      [socketed.id, `user:${listener.id}`],
      [hooked.id, madeBy],
    ])
      expect(told.filter(({ entity }) => entity.id === id)).toMatchObject([
        { actor, changes: { madeBy, resources: [`DiagnosticReport/${report}`] }, who: { client: app } },
      ]);
  });
});

describe('A broken glass', () => {
  it('is one look, and opens no stream of everybody’s reports', async () => {
    const { id } = await subscribed(hers, byWebSocket);
    const broken = { ...hers, 'x-break-glass': 'an emergency in room 4' };
    expect(await statusOf('GET', `Subscription/${id}/$get-ws-binding-token`, broken)).toBe(403);
    expect(await statusOf('GET', `Subscription/${id}/$events`, broken)).toBe(403);
    expect(await statusOf('POST', 'Subscription', broken, asked(byWebSocket))).toBe(403);
    expect(await statusOf('PUT', `Subscription/${id}`, broken, { ...asked(byWebSocket), id })).toBe(403);
    expect(await statusOf('GET', `Subscription/${id}/$get-ws-binding-token`, hers)).toBe(200);
  });
});

describe('What a Subscription’s headers say', () => {
  const header = [`Authorization: ${SECRET}`, 'X-Site: 7'];

  it('is given to nobody: reads, versions, searches and histories show the names alone, and the endpoint gets all of it', async () => {
    const answer = await fhir('POST', 'Subscription', hers, asked(byHook('/masked', header)));
    const text = await answer.text();
    const { id } = JSON.parse(text) as Made;
    const { status, channel } = await settled(id, hers);
    expect([status, channel.header]).toEqual([
      'active',
      [expect.stringMatching(/^Authorization: \*{5}/), expect.stringMatching(/^X-Site: \*{5}/)],
    ]);
    const ways = [
      `Subscription/${id}`,
      `Subscription/${id}/_history`,
      `Subscription/${id}/_history/1`,
      'Subscription',
      'Subscription/_history',
    ];
    const texts = await Promise.all(ways.map(async (way) => (await fhir('GET', way, system)).text()));
    expect([text, ...texts].filter((one) => one.includes('a-secret-of-hers'))).toEqual([]);
    expect(hook.heard.find(({ path }) => path === '/masked')?.headers).toMatchObject({ authorization: SECRET, 'x-site': '7' });
    await aReport();
    await eventually(() => Promise.resolve(heardAt('/masked').length > 1 ? true : undefined), 'a notification');
    expect(hook.heard.findLast(({ path }) => path === '/masked')?.headers).toMatchObject({ authorization: SECRET });
  });

  it('is kept by what stands for it, and goes to no other endpoint', async () => {
    const made = await subscribed(hers, byHook('/kept', header));
    const change = async (channel: object) => {
      const answer = await fhir('PUT', `Subscription/${made.id}`, hers, {
        ...made,
        status: 'requested',
        channel: { ...made.channel, ...channel },
      });
      return [answer.status, answer.ok ? (await settled(made.id, hers)).status : await answer.text()];
    };
    expect(await change({ payload: 'application/fhir+xml' })).toEqual([200, 'active']);
    expect(hook.heard.filter(({ path }) => path === '/kept').map(({ headers }) => headers.authorization)).toEqual([SECRET, SECRET]);
    expect(await change({ endpoint: hook.url('/elsewhere') })).toEqual([422, expect.stringContaining('header-not-kept')]);
    expect(await change({ header: [made.channel.header?.[0]?.replace('Authorization', 'X-Echo')] })).toEqual([422, expect.any(String)]);
    expect(hook.heard.filter(({ path }) => path === '/elsewhere')).toEqual([]);
    expect(await change({ endpoint: hook.url('/elsewhere'), header: ['Authorization: another'] })).toEqual([200, 'active']);
    expect(hook.heard.find(({ path }) => path === '/elsewhere')?.headers.authorization).toBe('another');
    const [patch] = [[{ op: 'replace', path: '/reason', value: 'Still' }]];
    const patched = await wetread.fetch(`/fhir/Subscription/${made.id}`, {
      method: 'PATCH',
      headers: { ...hers, 'content-type': 'application/json-patch+json' },
      body: JSON.stringify(patch),
    });
    expect(patched.status).toBe(200);
    expect(await wetread.sql(`SELECT headers FROM subscription_owner WHERE id = '${made.id}'`)).toEqual([
      {
        headers: { [((await read<Made>(`Subscription/${made.id}`, hers)).channel.header ?? [''])[0].slice(15)]: 'Authorization: another' },
      },
    ]);
  });

  it('is no colleague’s to use: nobody else changes a Subscription', async () => {
    const made = await subscribed(hers, byHook('/colleague', header));
    const { headers } = await radiologist();
    const body = { ...made, status: 'requested', channel: { ...made.channel, endpoint: hook.url('/theirs') } };
    expect(await statusOf('PUT', `Subscription/${made.id}`, headers, body)).toBe(403);
    const entry = [{ resource: body, request: { method: 'PUT', url: `Subscription/${made.id}` } }];
    for (const type of ['batch', 'transaction'])
      expect(await (await fhir('POST', '', headers, { resourceType: 'Bundle', type, entry })).text()).toMatch(/not-permitted/);
    expect(await statusOf('GET', `Subscription/${made.id}`, headers)).toBe(200);
    expect(hook.heard.filter(({ path }) => path === '/theirs')).toEqual([]);
  });
});
