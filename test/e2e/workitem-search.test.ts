import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { code, dataset, refusal, WorklistClient } from './a-workitem.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let worklist: WorklistClient;
let first: string;
let second: string;
let third: string;
beforeAll(async () => {
  wetread = await Wetread.start();
  worklist = new WorklistClient(wetread);
  first = await worklist.created({
    PatientName: { Alphabetic: 'Müller^Jörg', Ideographic: '山田^太郎' },
    PatientID: 'A1',
    ScheduledProcedureStepStartDateTime: '20260101080000',
  });
  second = await worklist.created({
    PatientID: 'A2',
    ScheduledProcedureStepPriority: 'HIGH',
    ScheduledProcedureStepStartDateTime: '20260102093000',
    ScheduledStationNameCodeSequence: [code('OTHER', '99HOSPITAL', 'another one')],
  });
  third = await worklist.created({
    PatientID: 'B%1',
    ScheduledProcedureStepStartDateTime: '20260103',
    ReferencedRequestSequence: [dataset({ AccessionNumber: 'A-1' }), dataset({ AccessionNumber: 'A-2' })],
  });
  await worklist.taken(third);
});
afterAll(() => wetread.remove());

describe('Searching for workitems (PS3.18 11.9)', () => {
  it.each<[string, string, () => string[]]>([
    ['everything, in the order of creation', '', () => [first, second, third]],
    ['by state', 'ProcedureStepState=SCHEDULED', () => [first, second]],
    ['by one of several states', '00741000=IN PROGRESS,COMPLETED', () => [third]],
    ['by priority', 'ScheduledProcedureStepPriority=HIGH', () => [second]],
    ['by a wild card', 'PatientID=A?', () => [first, second]],
    ['with a sign that is no wild card', 'PatientID=B%251', () => [third]],
    ['by name, whatever its case', 'PatientName=müll*', () => [first]],
    ['by the ideographic group of a name', `PatientName=${encodeURIComponent('山田^*')}`, () => [first]],
    ['by an attribute of a sequence', 'ScheduledStationNameCodeSequence.CodeValue=WETREAD', () => [first, third]],
    ['the same by tags', '00404025.00080100=OTHER', () => [second]],
    ['in any of its items', 'ReferencedRequestSequence.AccessionNumber=A-2', () => [third]],
    ['by a range of times', 'ScheduledProcedureStepStartDateTime=20260102-20260103', () => [second, third]],
    ['from a time on', 'ScheduledProcedureStepStartDateTime=2026010208-', () => [second, third]],
    ['up to a day', 'ScheduledProcedureStepStartDateTime=-20260101', () => [first]],
    ['by several keys at once', 'WorklistLabel=AI&ProcedureStepState=SCHEDULED&PatientID=A2', () => [second]],
    ['by an empty key, which all match', 'PatientID=', () => [first, second, third]],
    ['a page', 'limit=1&offset=1', () => [second]],
    ['nothing', 'PatientID=C*', () => []],
  ])('finds %s', async (_, query, expected) => {
    expect(await worklist.found(query)).toEqual(expected());
  });

  it('finds by a list of UIDs', async () => {
    expect(await worklist.found(`SOPInstanceUID=${first},${third}`)).toEqual([first, third]);
  });

  it('warns of more matches than it gives', async () => {
    const answer = await worklist.ask('GET', '/workitems?limit=2');
    expect(answer.headers.get('warning')).toMatch(/^299 \S+ "There are more matches: ask again with offset=2"$/);
    expect((await worklist.ask('GET', '/workitems?limit=3')).headers.get('warning')).toBeNull();
  });

  it.each([
    'Nonsense=1',
    'ScheduledStationNameCodeSequence=1',
    'ScheduledProcedureStepStartDateTime=soon',
    'includefield=Nonsense',
    'PatientID=%00',
  ])('is 400 for %s', async (query) => {
    expect((await refusal(await worklist.ask('GET', `/workitems?${query}`))).slice(0, 2)).toEqual([400, 'bad-search-key']);
  });
});
