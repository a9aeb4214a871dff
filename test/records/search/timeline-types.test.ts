import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import type { Database } from '../../../src/database/database.js';
import { AccessLog } from '../../../src/ledger/access-log.js';
import { draftOf } from '../../../src/records/edit/draft.js';
import { Edits } from '../../../src/records/edit/edits.js';
import { parseSearch } from '../../../src/records/search/parse-search.js';
import { RecordSearch } from '../../../src/records/search/record-search.js';
import { Numbers } from '../../../src/records/store/numbers.js';
import { aDatabase } from '../../a-database.js';

const BASE = 'http://here/fhir';
/** Where they were written: what is stored by an address of the server's own stays as it is. */
const ELSEWHERE = 'http://elsewhere/fhir';
let database: Database;
let recordSearch: RecordSearch;
beforeAll(async () => {
  database = await aDatabase();
  recordSearch = new RecordSearch(database, new AccessLog(database));
});
afterAll(() => database.close());

const put = async (resource: { resourceType: string; id: string }): Promise<void> => {
  const edits = new Edits(database, new Numbers(database));
  await edits.put(LOCAL_CALLER, draftOf(JSON.stringify(resource), resource.resourceType, ELSEWHERE), resource.id, {});
};
const latest = async (type: string, query: string): Promise<string[]> => {
  const { search } = parseSearch(
    { type, parameters: [...new URLSearchParams(`${query}&_sort=-date`.replace('-date', `-${DATE[type]}`))], lenient: false },
    { base: BASE, now: 0 },
  );
  return (await recordSearch.search(LOCAL_CALLER, search, { names: [], query: '' })).matches.map(({ id }) => id);
};
const DATE: Readonly<Record<string, string>> = {
  Composition: 'date',
  DocumentReference: 'date',
  Encounter: 'date',
  ImagingStudy: 'started',
  Media: 'created',
  Observation: 'date',
  ServiceRequest: 'authored',
};
const CODE = { text: 'x' };
/** The least of each type, and its date. */
const FORMS: Readonly<Record<string, { least: object; status: string; dated: (date: string) => object }>> = {
  Composition: { least: { type: CODE, author: [{ display: 'a' }], title: 't' }, status: 'final', dated: (date) => ({ date }) },
  DocumentReference: {
    least: { content: [{ attachment: { url: 'http://x/y' } }] },
    status: 'current',
    dated: (date) => ({ date: `${date}T00:00:00Z` }),
  },
  Encounter: { least: { class: { code: 'AMB' } }, status: 'finished', dated: (date) => ({ period: { start: '2000', end: date } }) },
  ImagingStudy: { least: {}, status: 'available', dated: (started) => ({ started }) },
  Media: { least: { content: { url: 'http://x/y' } }, status: 'completed', dated: (createdDateTime) => ({ createdDateTime }) },
  Observation: { least: { code: CODE }, status: 'final', dated: (date) => ({ effectiveTiming: { event: ['2000-01-01', date] } }) },
  ServiceRequest: { least: { intent: 'order' }, status: 'active', dated: (authoredOn) => ({ authoredOn }) },
};

describe('The latest of every type that has a timeline', () => {
  it.each(Object.entries(FORMS))('%s', async (type, { least, status, dated }) => {
    for (const [id, date] of [
      ['first', '2021-01-01'],
      ['third', '2023-01-01'],
      ['second', '2022-01-01'],
    ])
      await put({ resourceType: type, id, status, subject: { reference: 'Patient/types' }, ...least, ...dated(date) } as never);
    await put({
      resourceType: type,
      id: 'other',
      status,
      subject: { reference: 'Patient/other' },
      ...least,
      ...dated('2024-01-01'),
    } as never);
    expect(await latest(type, `patient=types&status=${status}`)).toEqual(['third', 'second', 'first']);
    expect(await latest(type, 'subject=Patient/types')).toEqual(['third', 'second', 'first']);
  });

  it('has first what has no end, and last what has no date', async () => {
    const observation = { resourceType: 'Observation', status: 'final', code: CODE, subject: { reference: 'Patient/ends' } };
    await put({ ...observation, id: 'undated' });
    await put({ ...observation, id: 'going-on', effectivePeriod: { start: '1990' } } as never);
    await put({ ...observation, id: 'dated', effectiveDateTime: '2026' } as never);
    expect(await latest('Observation', 'patient=ends&status=final')).toEqual(['going-on', 'dated', 'undated']);
  });
});

describe('What only looks like a reference to a patient', () => {
  it('is found as what it says, and by nobody else', async () => {
    const observation = { resourceType: 'Observation', status: 'final', code: CODE };
    await put({ ...observation, id: 'bare', subject: { reference: 'looks', type: 'Patient' } } as never);
    await put({ ...observation, id: 'odd', subject: { reference: 'http://x/Patient/foo_bar' } } as never);
    await put({ ...observation, id: 'long', subject: { reference: `http://x/Patient/${'a'.repeat(70)}` } } as never);
    expect(await latest('Observation', 'patient=looks&status=final')).toEqual([]);
    expect(await latest('Observation', 'subject=http://x/Patient/foo_bar&status=final')).toEqual(['odd']);
    expect(await latest('Observation', `subject=http://x/Patient/${'a'.repeat(70)}&status=final`)).toEqual(['long']);
  });
});
