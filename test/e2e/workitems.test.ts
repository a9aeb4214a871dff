import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dicomXml } from '../../src/dicom/dicom-xml.js';
import { aWorkitem, code, dataset, performed, refusal, WorklistClient } from './a-workitem.js';
import { newUid } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const STATE = '00741000';
const INCONSISTENT = '"The submitted request is inconsistent with the current state of the UPS Instance."';

let wetread: Wetread;
let worklist: WorklistClient;
beforeAll(async () => {
  wetread = await Wetread.start();
  worklist = new WorklistClient(wetread);
});
afterAll(() => wetread.remove());

describe('Creating a workitem (PS3.18 11.4)', () => {
  it('keeps it as it was sent, says where it is, and that it is of UPS Push', async () => {
    const uid = newUid();
    const sent = aWorkitem();
    const answer = await worklist.ask('POST', `/workitems?workitem=${uid}`, [sent]);
    expect([answer.status, answer.headers.get('content-location'), answer.headers.get('warning')]).toEqual([
      201,
      `${wetread.url}/dicom-web/workitems/${uid}`,
      null,
    ]);
    const kept = await worklist.read(uid);
    expect(kept).toMatchObject(sent);
    expect([kept['00080016'].Value, kept['00080018'].Value]).toEqual([['1.2.840.10008.5.1.4.34.6.1'], [uid]]);
    expect(kept['00404010'].Value?.[0]).toMatch(/^\d{14}\.\d{3,6}\+0000$/); // Scheduled Procedure Step Modification DateTime
  });

  it('gives it a UID where its sender does not', async () => {
    const answer = await worklist.ask('POST', '/workitems', aWorkitem());
    expect(answer.status).toBe(201);
    const [, uid] = /workitems\/(2\.25\.\d+)$/.exec(answer.headers.get('content-location') ?? '') ?? [];
    expect((await worklist.read(uid))[STATE].Value).toEqual(['SCHEDULED']);
  });

  it('adds what may be empty and was left out, and warns of it', async () => {
    const { '00100010': _, '00404021': __, ...sent } = aWorkitem();
    const uid = newUid();
    const answer = await worklist.ask('POST', `/workitems?${uid}`, [sent]);
    expect([answer.status, answer.headers.get('warning')]).toEqual([
      201,
      `299 ${new URL(wetread.url).host} "The Workitem was created with modifications."`,
    ]);
    expect((await worklist.read(uid))['00100010']).toEqual({ vr: 'PN' });
  });

  it.each([
    ['[{}], which has none of what must be there', [{}], 400, 'missing-attributes'],
    ['one without a priority', [aWorkitem({ ScheduledProcedureStepPriority: null })], 400, 'missing-attributes'],
    ['one of an unknown priority', [aWorkitem({ ScheduledProcedureStepPriority: 'STAT' })], 400, 'bad-attribute-value'],
    ['one that is in progress already', [aWorkitem({ ProcedureStepState: 'IN PROGRESS' })], 400, 'not-scheduled'],
    ['one with a Transaction UID', [aWorkitem({ TransactionUID: newUid() })], 400, 'bad-attribute-value'],
    ['two at once', [aWorkitem(), aWorkitem()], 400, 'malformed-workitem'],
    ['a text', 'workitem', 400, 'malformed-metadata'],
    ['attributes without VR', [{ '00741000': { Value: ['SCHEDULED'] } }], 400, 'unwritable-value'],
    ['half a surrogate pair', [aWorkitem({ PatientID: 'P\ud800' })], 400, 'malformed-workitem'],
    ['U+0000 in a value', [aWorkitem({ PatientID: 'P\0' })], 400, 'malformed-workitem'],
  ])('refuses %s', async (_, body, status, expected) => {
    expect((await refusal(await worklist.ask('POST', '/workitems', body))).slice(0, 2)).toEqual([status, expected]);
  });

  it('takes and gives XML as well as JSON', async () => {
    const uid = newUid();
    const headers = { 'content-type': 'application/dicom+xml' };
    const body = dicomXml(aWorkitem());
    expect((await wetread.fetch(`/dicom-web/workitems?${uid}`, { method: 'POST', headers, body })).status).toBe(201);
    expect((await worklist.read(uid))['00100010'].Value).toEqual([{ Alphabetic: 'Doe^Jane' }]);
    const answer = await wetread.fetch(`/dicom-web/workitems/${uid}`, { headers: { accept: 'application/dicom+xml' } });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('keyword="ProcedureStepState"')]);
  });

  it.each([
    ['multipart/related; type="application/dicom+xml"', 'a part'],
    ['multipart/related', 'a part'],
    ['application/json;q=0.5, multipart/related; type="application/dicom+xml"', 'a part'],
    ['application/dicom+json, multipart/related; type="application/dicom+xml"', 'application/dicom+json'],
    ['*/*', 'application/dicom+json'],
    ['application/dicom+xml', 'application/dicom+xml'],
  ])('gives it, asked for as %s, as %s', async (accept, form) => {
    const answer = await wetread.fetch(`/dicom-web/workitems/${await worklist.created()}`, { headers: { accept } });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    if (form !== 'a part') return expect(answer.headers.get('content-type')).toBe(form);
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/related; type="application\/dicom\+xml"; boundary=/);
    const parts = await partsOf(answer);
    expect(parts.map(({ headers }) => headers['content-type'])).toEqual(['application/dicom+xml']);
    expect(parts[0].bytes.toString()).toContain('keyword="ProcedureStepState"');
  });

  it('refuses a second one of the same UID, also of twenty at once', async () => {
    const uid = newUid();
    const answers = await Promise.all(Array.from({ length: 20 }, () => worklist.ask('POST', `/workitems?${uid}`, [aWorkitem()])));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  });

  it('refuses other forms, and what is no JSON', async () => {
    const post = (type: string, body: string) =>
      wetread.fetch('/dicom-web/workitems', { method: 'POST', headers: { 'content-type': type }, body });
    expect((await post('application/dicom', 'x')).status).toBe(415);
    expect((await refusal(await post('application/dicom+json', '[{'))).slice(0, 2)).toEqual([400, 'malformed-metadata']);
    expect((await post('application/dicom+json', ' '.repeat(2 ** 20 + 1))).status).toBe(413);
    expect((await worklist.ask('GET', '/workitems')).status).toBe(200); // and lives
  });
});

describe('Changing a workitem (PS3.18 11.6 to 11.8)', () => {
  it('goes its way: taken by a Transaction UID, reported on, completed', async () => {
    const uid = await worklist.created();
    const transaction = await worklist.taken(uid);
    expect((await worklist.read(uid))[STATE].Value).toEqual(['IN PROGRESS']);
    const done = performed();
    expect((await worklist.ask('POST', `/workitems/${uid}?transaction-uid=${transaction}`, [done])).status).toBe(200);
    expect((await worklist.state(uid, 'COMPLETED', transaction)).status).toBe(200);
    const kept = await worklist.read(uid);
    expect(kept[STATE].Value).toEqual(['COMPLETED']);
    expect(kept['00741216']).toEqual(done['00741216']);
  });

  it('never gives the Transaction UID away', async () => {
    const uid = await worklist.created();
    const transaction = await worklist.taken(uid);
    for (const path of [`/workitems/${uid}`, `/workitems?00080018=${uid}&includefield=TransactionUID`])
      expect(await (await worklist.ask('GET', path)).text()).not.toContain(transaction);
  });

  it('is taken once: of twenty performers at once one has it', async () => {
    const uid = await worklist.created();
    const answers = await Promise.all(Array.from({ length: 20 }, () => worklist.state(uid, 'IN PROGRESS', newUid())));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const late = answers.find(({ status }) => status !== 200)!; // 19 of them
    expect(await refusal(late)).toEqual([409, 'workitem-in-progress', INCONSISTENT]);
  });

  it('is changed by its performer only', async () => {
    const uid = await worklist.created();
    await worklist.taken(uid);
    const update = [dataset({ ProcedureStepLabel: 'Other' })];
    for (const [query, what] of [
      ['', 'missing'],
      [`?transaction-uid=${newUid()}`, 'incorrect'],
    ]) {
      const refused = [409, 'wrong-transaction-uid', `"The Transaction UID is ${what}."`];
      expect(await refusal(await worklist.ask('POST', `/workitems/${uid}${query}`, update))).toEqual(refused);
      const given = query === '' ? undefined : newUid();
      expect(await refusal(await worklist.state(uid, 'COMPLETED', given))).toEqual(refused);
    }
    expect((await worklist.read(uid))['00741204'].Value).toEqual(['Pneumonia on a chest X-ray']);
  });

  it('is not over before it says what was done, or why not', async () => {
    const uid = await worklist.created();
    const transaction = await worklist.taken(uid);
    for (const state of ['COMPLETED', 'CANCELED'])
      expect(await refusal(await worklist.state(uid, state, transaction))).toEqual([409, 'final-state-unmet', INCONSISTENT]);
    const half = performed();
    const [{ '00404033': _, ...withoutOutput }] = half['00741216'].Value as Record<string, unknown>[];
    await worklist.ask('POST', `/workitems/${uid}?transaction-uid=${transaction}`, [{ '00741216': { vr: 'SQ', Value: [withoutOutput] } }]);
    expect((await refusal(await worklist.state(uid, 'COMPLETED', transaction))).slice(0, 2)).toEqual([409, 'final-state-unmet']);
    const progress = dataset({
      ProcedureStepProgressInformationSequence: [
        dataset({
          ProcedureStepCancellationDateTime: '20260131102000',
          ProcedureStepDiscontinuationReasonCodeSequence: [code('110501', 'DCM', 'Equipment failure')],
        }),
      ],
    });
    await worklist.ask('POST', `/workitems/${uid}?transaction-uid=${transaction}`, [progress]);
    expect((await worklist.state(uid, 'CANCELED', transaction)).status).toBe(200);
  });

  it('stays as it is once it is over; the same state again is no fault', async () => {
    const uid = await worklist.created();
    const transaction = await worklist.taken(uid);
    await worklist.ask('POST', `/workitems/${uid}?transaction-uid=${transaction}`, [performed()]);
    await worklist.state(uid, 'COMPLETED', transaction);
    const again = await worklist.state(uid, 'COMPLETED', transaction);
    expect([again.status, again.headers.get('warning')]).toEqual([
      200,
      `299 ${new URL(wetread.url).host} "The UPS is already in the requested state of COMPLETED."`,
    ]);
    for (const answer of [
      await worklist.state(uid, 'CANCELED', transaction),
      await worklist.ask('POST', `/workitems/${uid}?transaction-uid=${transaction}`, [dataset({ ProcedureStepLabel: 'Other' })]),
    ])
      expect(await refusal(answer)).toEqual([409, 'workitem-final', INCONSISTENT]);
    expect(await refusal(await worklist.ask('POST', `/workitems/${uid}/cancelrequest`))).toEqual([409, 'workitem-completed', INCONSISTENT]);
  });

  it.each([
    ['SCHEDULED again', 'SCHEDULED', 409, 'workitem-never-scheduled-again'],
    ['COMPLETED before it was taken', 'COMPLETED', 409, 'workitem-not-in-progress'],
    ['a state that is none', 'DONE', 400, 'bad-attribute-value'],
  ])('does not become %s', async (_, state, status, expected) => {
    const uid = await worklist.created();
    expect((await refusal(await worklist.state(uid, state, newUid()))).slice(0, 2)).toEqual([status, expected]);
    expect((await worklist.read(uid))[STATE].Value).toEqual(['SCHEDULED']);
  });

  it('keeps whose work it is: an update does not touch patient, UIDs and state', async () => {
    const uid = await worklist.created();
    for (const [keyword, value] of [
      ['PatientID', 'P-2'],
      ['ProcedureStepState', 'COMPLETED'],
      ['SOPInstanceUID', newUid()],
      ['StudyInstanceUID', newUid()],
    ])
      expect((await refusal(await worklist.ask('POST', `/workitems/${uid}`, [dataset({ [keyword]: value })]))).slice(0, 2)).toEqual([
        400,
        'unchangeable-attributes',
      ]);
    expect((await refusal(await worklist.ask('POST', `/workitems/${uid}`, [dataset({ ProcedureStepLabel: null })]))).slice(0, 2)).toEqual([
      400,
      'missing-attributes',
    ]);
  });

  it('is cancelled at once on request where nobody has taken it, with the reason given', async () => {
    const uid = await worklist.created();
    const request = dataset({ ReasonForCancellation: 'Ordered twice', ContactDisplayName: 'Rita', ContactURI: 'tel:1' });
    expect((await worklist.ask('POST', `/workitems/${uid}/cancelrequest?requester=RIS`, [request])).status).toBe(202);
    const kept = await worklist.read(uid);
    expect(kept[STATE].Value).toEqual(['CANCELED']);
    expect(kept['00741002'].Value).toMatchObject([
      { '00741238': { Value: ['Ordered twice'] }, '0074100E': { Value: [{ '00080100': { Value: ['110513'] } }] } },
    ]);
    const again = await worklist.ask('POST', `/workitems/${uid}/cancelrequest`);
    expect([again.status, again.headers.get('warning')]).toEqual([
      202,
      expect.stringContaining('already in the requested state of CANCELED'),
    ]);
  });

  it('leaves it to the performer whether work in progress is cancelled', async () => {
    const uid = await worklist.created();
    await worklist.taken(uid);
    expect((await worklist.ask('POST', `/workitems/${uid}/cancelrequest/RIS`)).status).toBe(202);
    expect((await worklist.read(uid))[STATE].Value).toEqual(['IN PROGRESS']);
  });

  it('is 404 for a workitem that is not there, 400 for what is no UID', async () => {
    const ways: [string, string, unknown?][] = [
      ['GET', ''],
      ['POST', '', [dataset({ ProcedureStepLabel: 'x' })]],
      ['PUT', '/state', [dataset({ ProcedureStepState: 'IN PROGRESS', TransactionUID: newUid() })]],
      ['POST', '/cancelrequest'],
      ['POST', '/subscribers/WATCHER'],
    ];
    for (const [method, path, body] of ways) {
      expect((await refusal(await worklist.ask(method, `/workitems/${newUid()}${path}`, body))).slice(0, 2)).toEqual([
        404,
        'workitem-absent',
      ]);
      expect((await worklist.ask(method, `/workitems/x${path}`, body)).status).toBe(400);
    }
  });

  it('is on record: who created, took and looked at it, without a name', async () => {
    const uid = await worklist.created();
    await worklist.taken(uid);
    await worklist.read(uid);
    const events = await wetread.sql<{ event: string }>(
      `SELECT r.event FROM ledger_record r, workitem w
        WHERE w.workitem_uid = $1 AND r.event::jsonb -> 'entity' ->> 'type' = 'workitem' AND r.event::jsonb -> 'entity' ->> 'id' = w.id::text ORDER BY r.id`,
      [uid],
    );
    expect(events.map(({ event }) => (JSON.parse(event) as { action: string }).action)).toEqual([
      'workitem.created',
      'workitem.state-changed',
      'data.fetched',
    ]);
    expect(JSON.stringify(events)).not.toMatch(/Doe|P-1/);
  });
});
