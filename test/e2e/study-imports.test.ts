import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instanceHashOf } from '../../src/evidence/studies/imports/reading-codes.js';
import { aLabelGroup, aReadingGroup, aReadingReport, inPart10, observer } from '../evidence/a-reading-report.js';
import {
  aLabelObservation,
  aReadingObservation,
  arm,
  bundleOf,
  caseNamed,
  readerNamed,
  UNREAD,
} from '../evidence/a-reading-observation.js';
import type { Person } from './a-study.js';
import { LockedStudy } from './locked-study.js';
import { Wetread } from './wetread.js';

const CASES = 4;
const FHIR = 'application/fhir+json';
let wetread: Wetread;
let study: LockedStudy;
let manager: Person;
/** SOP Instance UIDs by the case's key. */
let uids: Map<string, string>;

const bring = (what: 'labels' | 'readings', body: object | string, mediaType?: string) =>
  study.cast.ask(manager, 'POST', study.at(`/${what}/import`), body, mediaType);
const refusal = (status: number, code: string, detail = '') =>
  expect.objectContaining({ status, body: expect.objectContaining({ code, detail: expect.stringContaining(detail) }) });
const uidOf = (key: string): string => uids.get(key) ?? '';
const rowsOf = (table: 'validation_label' | 'validation_reading') =>
  wetread.sql<{ source: string; n: number }>(
    `SELECT source, count(*)::int AS n FROM ${table} WHERE study = $1 GROUP BY source ORDER BY source`,
    [study.id],
  );
/** Which case a reader has at a place of the order that was drawn. */
const turn = async (reader: string, place: number) =>
  (
    await wetread.sql<{ key: string; arm: string }>(
      `SELECT case_key AS key, arm FROM validation_assignment WHERE study = $1 AND reader = $2 ORDER BY session, place OFFSET $3 LIMIT 1`,
      [study.id, reader, place],
    )
  )[0];

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  study = await LockedStudy.at(wetread, CASES);
  manager = study.people.manager;
  const { body } = await study.cast.ask<{ text: string }>(study.people.lead, 'GET', `/evidence/datasets/${study.dataset.id}/manifest`);
  const items = body.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { caseKey: string; instanceHash: string });
  const byHash = new Map(study.chests.map(({ sopInstanceUID }) => [instanceHashOf(sopInstanceUID), sopInstanceUID]));
  uids = new Map(items.map(({ caseKey, instanceHash }) => [caseKey, byHash.get(instanceHash) ?? '']));
});
afterAll(() => wetread.remove());

describe('Labels brought from elsewhere', () => {
  it('come as Observations and as a structured report, and are the same rows', async () => {
    const observations = bundleOf(aLabelObservation('C0001'), aLabelObservation('C0002', { valueBoolean: false }));
    expect(await bring('labels', observations, FHIR)).toMatchObject({ status: 201, body: { rows: 2 } });
    const report = aReadingReport([aLabelGroup(uidOf('C0003'), true), aLabelGroup(uidOf('C0004'), false)]);
    expect(await bring('labels', inPart10(report))).toMatchObject({ status: 201, body: { rows: 2 } });
    const rows = await wetread.sql(`SELECT case_key, label, method, source FROM validation_label WHERE study = $1 ORDER BY case_key`, [
      study.id,
    ]);
    expect(rows).toEqual([
      { case_key: 'C0001', label: 1, method: 'biopsy', source: 'fhir' },
      { case_key: 'C0002', label: 0, method: 'biopsy', source: 'fhir' },
      { case_key: 'C0003', label: 1, method: 'biopsy', source: 'sr' },
      { case_key: 'C0004', label: 0, method: 'biopsy', source: 'sr' },
    ]);
  });

  it('are taken all or none, and only of cases of the study', async () => {
    const before = await rowsOf('validation_label');
    const bad = bundleOf(aLabelObservation('C0001'), aLabelObservation('C0002', { status: 'preliminary' }));
    expect(await bring('labels', bad, FHIR)).toEqual(refusal(422, 'entry-malformed', 'Bundle.entry[1].resource.status'));
    expect(await bring('labels', bundleOf(aLabelObservation('C0001'), aLabelObservation('C9999')), FHIR)).toEqual(
      refusal(404, 'case-absent'),
    );
    const strange = aReadingReport([aLabelGroup(uidOf('C0001'), true), aLabelGroup('1.2.3', true)]);
    expect(await bring('labels', inPart10(strange))).toEqual(
      refusal(422, 'entry-malformed', 'Content item 1.2 is of an image that is no case'),
    );
    expect(await rowsOf('validation_label')).toEqual(before);
  });

  it('are the data manager’s to bring, in one of three forms', async () => {
    const { one } = study.people;
    expect(await study.cast.ask(one, 'POST', study.at('/labels/import'), aLabelObservation('C0001'), FHIR)).toEqual(
      refusal(403, 'not-your-part'),
    );
    for (const type of ['application/json', 'application/json-patch+json', 'application/dicom+json'])
      expect(await bring('labels', aLabelObservation('C0001'), type)).toEqual(refusal(400, 'unfit-body', FHIR));
    expect((await bring('labels', aLabelObservation('C0001'), 'image/png')).status).toBe(415);
    expect(await bring('labels', Buffer.from('no file'))).toEqual(refusal(400, 'not-part10'));
    expect(await bring('labels', Buffer.alloc(9 * 2 ** 20))).toEqual(refusal(413, 'too-large'));
    const coded = { ...manager.headers, 'content-type': 'application/dicom', 'content-encoding': 'gzip' };
    const packed = await wetread.fetch(study.at('/labels/import'), { method: 'POST', headers: coded, body: Buffer.from('x') });
    expect([packed.status, packed.headers.get('accept-encoding')]).toEqual([415, 'identity']);
    expect(await bring('labels', '{', FHIR)).toEqual(refusal(400, 'malformed-json'));
  });
});

describe('Readings brought from elsewhere', () => {
  it('keep to the order that was drawn, the scale and the time, whatever form they have', async () => {
    expect(await bring('readings', aReadingObservation(), FHIR)).toEqual(refusal(409, 'study-state'));
    expect((await study.cast.ask(manager, 'POST', study.at('/reference'))).status).toBe(201);
    expect(await study.step(study.people.investigator, 'running')).toMatchObject({ status: 201 });
    await study.runModel();
    const [first, second] = [await turn('R1', 0), await turn('R1', 1)];
    const observed = (at: typeof first, said: object = {}) =>
      aReadingObservation({ subject: caseNamed(at.key), method: arm(at.arm), ...said });
    expect(await bring('readings', observed(second), FHIR)).toEqual(refusal(409, 'reading-order'));
    expect(await bring('readings', observed(first, { valueInteger: 9 }), FHIR)).toEqual(refusal(422, 'reading-incomplete'));
    expect(await bring('readings', observed(first, { effectiveDateTime: '2100-01-01T00:00:00Z' }), FHIR)).toEqual(
      refusal(422, 'reading-incomplete'),
    );
    expect(await bring('readings', observed(first, { performer: readerNamed('R7') }), FHIR)).toEqual(
      refusal(403, 'case-not-assigned', 'Observation: '),
    );
    const late = inPart10(aReadingReport([...observer('R1'), aReadingGroup({ uid: uidOf(second.key), arm: second.arm })]));
    expect(await bring('readings', late)).toEqual(refusal(409, 'reading-order'));
    expect(await rowsOf('validation_reading')).toEqual([]);
  });

  it('become the same rows, in any order within one import, and stand', async () => {
    const [first, second] = [await turn('R1', 0), await turn('R1', 1)];
    const observed = (at: typeof first, said: object = {}) =>
      aReadingObservation({ subject: caseNamed(at.key), method: arm(at.arm), ...said });
    const both = bundleOf(observed(second, UNREAD), observed(first));
    expect(await bring('readings', both, FHIR)).toMatchObject({ status: 201, body: { rows: 2 } });
    expect(await bring('readings', observed(first), FHIR)).toEqual(refusal(409, 'read-already'));
    const [one, two] = [await turn('R2', 0), await turn('R2', 1)];
    const report = aReadingReport([
      ...observer('R2'),
      aReadingGroup({ uid: uidOf(two.key), arm: two.arm, rating: null, clinicalAction: null }),
      aReadingGroup({ uid: uidOf(one.key), arm: one.arm, rating: 2, clinicalAction: false }),
    ]);
    expect(await bring('readings', inPart10(report))).toMatchObject({ status: 201, body: { rows: 2 } });
    const rows = await wetread.sql(
      `SELECT reader, case_key, rating, clinical_action, status, reason, source, submitted_at FROM validation_reading WHERE study = $1 ORDER BY reader, rating`,
      [study.id],
    );
    const submitted_at = new Date('2026-03-02T09:15:30Z');
    const unread = { rating: null, clinical_action: null, status: 'not-evaluable', reason: 'Motion' };
    expect(rows).toEqual([
      { reader: 'R1', case_key: first.key, rating: 4, clinical_action: 1, status: 'read', reason: '', source: 'fhir', submitted_at },
      { reader: 'R1', case_key: second.key, ...unread, source: 'fhir', submitted_at },
      { reader: 'R2', case_key: one.key, rating: 2, clinical_action: 0, status: 'read', reason: '', source: 'sr', submitted_at: new Date('2026-03-02T09:15:30.500Z') },
      { reader: 'R2', case_key: two.key, ...unread, source: 'sr', submitted_at: new Date('2026-03-02T09:15:30.500Z') },
    ]); // prettier-ignore
  });
});
