import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { dataset, WorklistClient } from './a-workitem.js';
import { newUid } from './instances.js';
import { eventually, Wetread } from './wetread.js';

const ALL = '1.2.840.10008.5.1.4.34.5';
const MATCHING = '1.2.840.10008.5.1.4.34.5.1';

let wetread: Wetread;
let worklist: WorklistClient;
const open: WebSocket[] = [];
beforeAll(async () => {
  wetread = await Wetread.start();
  worklist = new WorklistClient(wetread);
});
afterAll(async () => {
  for (const socket of open) socket.terminate();
  await wetread.remove();
});

/** What a subscriber hears: workitem, event type (PS3.4 Table CC.2.4-1), state. */
class Channel {
  readonly heard: unknown[][] = [];
  readonly reports: DicomJson[] = [];

  static async of(subscriber: string): Promise<Channel> {
    const channel = new Channel();
    const socket = new WebSocket(`${wetread.url.replace('http', 'ws')}/dicom-web/subscribers/${subscriber}`);
    open.push(socket);
    socket.on('message', (data: Buffer) => {
      const report = JSON.parse(data.toString()) as DicomJson;
      channel.reports.push(report);
      channel.heard.push([report['00001000'].Value?.[0], report['00001002'].Value?.[0], report['00741000']?.Value?.[0]]);
    });
    await once(socket, 'open');
    return channel;
  }

  /** All that was heard, once it is so much. */
  async hears(count: number): Promise<unknown[][]> {
    await eventually(async () => (this.heard.length >= count ? true : undefined), `${count} event reports`, 5_000);
    return this.heard;
  }
}

const subscribe = (workitem: string, subscriber: string, query = ''): Promise<Response> =>
  worklist.ask('POST', `/workitems/${workitem}/subscribers/${subscriber}${query}`);

describe('A subscriber (PS3.18 11.10 to 11.13)', () => {
  it('is told where its event reports come, the state it finds, and every change', async () => {
    const uid = await worklist.created();
    const channel = await Channel.of('ONE');
    const answer = await subscribe(uid, 'ONE');
    expect([answer.status, answer.headers.get('content-location')]).toEqual([
      201,
      `${wetread.url.replace('http', 'ws')}/dicom-web/subscribers/ONE`,
    ]);
    const transaction = await worklist.taken(uid);
    const progress = dataset({ ProcedureStepProgressInformationSequence: [dataset({ ProcedureStepProgress: '50' })] });
    await worklist.ask('POST', `/workitems/${uid}?transaction-uid=${transaction}`, [progress]);
    await worklist.ask('POST', `/workitems/${uid}/cancelrequest?requester=RIS`, [dataset({ ReasonForCancellation: 'Ordered twice' })]);
    expect(await channel.hears(4)).toEqual([
      [uid, 1, 'SCHEDULED'],
      [uid, 1, 'IN PROGRESS'],
      [uid, 3, undefined],
      [uid, 2, undefined],
    ]);
    expect(channel.reports[3]).toMatchObject({ '00741236': { Value: ['RIS'] }, '00741238': { Value: ['Ordered twice'] } });
    expect(JSON.stringify(channel.reports)).not.toContain(transaction);
  });

  it('to all workitems hears of new ones, and who is to perform them', async () => {
    const channel = await Channel.of('EVERY');
    expect((await subscribe(ALL, 'EVERY')).status).toBe(201);
    const uid = await worklist.created();
    expect(await channel.hears(2)).toEqual([
      [uid, 1, 'SCHEDULED'],
      [uid, 5, undefined],
    ]);
  });

  it('to all workitems with a lock hears the state of those that are there', async () => {
    const uid = await worklist.created();
    const channel = await Channel.of('LOCKED');
    await subscribe(ALL, 'LOCKED', '?deletionlock=true');
    const heard = await eventually(async () => channel.heard.find(([one]) => one === uid), 'report of what is there', 5_000);
    expect(heard).toEqual([uid, 1, 'SCHEDULED']);
  });

  it('by a filter hears of what matches only', async () => {
    const channel = await Channel.of('URGENT');
    await subscribe(MATCHING, 'URGENT', '?filter=ScheduledProcedureStepPriority=HIGH,WorklistLabel=AI');
    await worklist.created({ ScheduledProcedureStepPriority: 'LOW' });
    const uid = await worklist.created({ ScheduledProcedureStepPriority: 'HIGH' });
    expect((await channel.hears(1))[0]).toEqual([uid, 1, 'SCHEDULED']);
  });

  it('that suspends hears no more of new ones, but of those it has', async () => {
    const channel = await Channel.of('PAUSED');
    await subscribe(ALL, 'PAUSED');
    const old = await worklist.created();
    await channel.hears(2);
    expect((await worklist.ask('POST', `/workitems/${ALL}/subscribers/PAUSED/suspend`)).status).toBe(200);
    await worklist.created();
    await worklist.taken(old);
    expect((await channel.hears(3))[2]).toEqual([old, 1, 'IN PROGRESS']);
  });

  it('that unsubscribes hears nothing more, and is told when there was nothing to end', async () => {
    const uid = await worklist.created();
    const channel = await Channel.of('GONE');
    await subscribe(uid, 'GONE');
    await channel.hears(1);
    expect((await worklist.ask('DELETE', `/workitems/${uid}/subscribers/GONE`)).status).toBe(200);
    await worklist.taken(uid);
    const other = await worklist.created();
    await subscribe(other, 'GONE');
    expect(await channel.hears(2)).toEqual([
      [uid, 1, 'SCHEDULED'],
      [other, 1, 'SCHEDULED'],
    ]);
    expect((await worklist.ask('DELETE', `/workitems/${uid}/subscribers/GONE`)).status).toBe(404);
  });

  it('must have an AE title, a workitem, and come from no other page', async () => {
    expect((await subscribe(await worklist.created(), 'X'.repeat(17))).status).toBe(400);
    expect((await subscribe(newUid(), 'NOBODY')).status).toBe(404);
    const page = new WebSocket(`${wetread.url.replace('http', 'ws')}/dicom-web/subscribers/ONE`, { origin: 'http://evil.example' });
    const [error] = (await once(page, 'error')) as [Error];
    expect(error.message).toContain('403');
  });
});
