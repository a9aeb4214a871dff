import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import type { Database } from '../../../src/database/database.js';
import { AccessLog } from '../../../src/ledger/access-log.js';
import { draftOf } from '../../../src/records/edit/draft.js';
import { Edits } from '../../../src/records/edit/edits.js';
import { indexWhatIsLeft } from '../../../src/records/search/index-upkeep.js';
import { cursorText, parseSearch } from '../../../src/records/search/parse-search.js';
import { findPage, RecordSearch, type FoundPage } from '../../../src/records/search/record-search.js';
import type { Search } from '../../../src/records/search/search.js';
import { walkOf } from '../../../src/records/search/timeline.js';
import { Numbers } from '../../../src/records/store/numbers.js';
import { aDatabase } from '../../a-database.js';
import { span } from './oracle-ranges.js';

const BASE = 'http://here/fhir';
/** Where they were written: what is stored by an address of the server's own stays as it is. */
const ELSEWHERE = 'http://elsewhere/fhir';
const PEOPLE = ['Patient/ann', 'Patient/bea', `${BASE}/Patient/ann`, 'http://there/fhir/Patient/ann', 'Group/ann', undefined];
const DATES = [
  '2025',
  '2025-03',
  '2025-03-05',
  '2025-03-05T10:00:00Z',
  '2025-03-05T10:00:00.250+02:00',
  '2024-12-31T23:30:00-01:00',
  undefined,
];
const STATUSES = ['preliminary', 'final', 'amended'];

interface Made {
  readonly id: string;
  readonly status: string;
  readonly person: string | undefined;
  readonly date: string | undefined;
  readonly code: string;
}
/** In the order that they were written. */
const made: Made[] = [];
let database: Database;
let recordSearch: RecordSearch;

beforeAll(async () => {
  database = await aDatabase();
  recordSearch = new RecordSearch(database, new AccessLog(database));
  const edits = new Edits(database, new Numbers(database));
  for (let i = 0; i < 180; i++) {
    const one = {
      id: `r${i}`,
      status: STATUSES[(i * 7) % 3],
      person: PEOPLE[(i * 5) % 6],
      date: DATES[(i * 11) % 7],
      code: i % 4 === 0 ? 'a' : 'b',
    };
    const { id, status, person, date, code } = one;
    const resource = {
      resourceType: 'DiagnosticReport',
      id,
      status,
      code: { coding: [{ system: 'urn:c', code }] },
      ...(person && { subject: { reference: person } }),
      ...(date && (i % 2 === 0 ? { effectiveDateTime: date } : { effectivePeriod: { end: date } })),
    };
    await edits.put(LOCAL_CALLER, draftOf(JSON.stringify(resource), 'DiagnosticReport', ELSEWHERE), id, {});
    if (i % 13 === 0) await edits.remove(LOCAL_CALLER, 'DiagnosticReport', id, {});
    else made.push(one);
  }
});
afterAll(() => database.close());

/** By the end of their dates, the latest first, what has none last; of one time what was written last first. */
function inOrder(wanted: (one: Made) => boolean): string[] {
  const endOf = ({ date }: Made): number => (date === undefined ? -Infinity : (span(date)?.[1] ?? NaN));
  return made
    .map((one, place) => ({ one, place }))
    .filter(({ one }) => wanted(one))
    .toSorted((a, b) => (endOf(a.one) === endOf(b.one) ? b.place - a.place : endOf(b.one) - endOf(a.one)))
    .map(({ one }) => one.id);
}

async function pages(query: string, find: (search: Search) => Promise<FoundPage>): Promise<{ ids: string[]; pages: number }> {
  const parameters = [...new URLSearchParams(query)];
  const ids: string[] = [];
  let cursor: string | undefined;
  let count = 0;
  do {
    const asked = [...parameters, ...(cursor === undefined ? [] : [['_cursor', cursor] as [string, string]])];
    const { search } = parseSearch({ type: 'DiagnosticReport', parameters: asked, lenient: false }, { base: BASE, now: 0 });
    const found = await find(search);
    ids.push(...found.matches.map(({ id }) => id));
    cursor = found.next && cursorText(found.next);
    count++;
  } while (cursor !== undefined);
  return { ids, pages: count };
}

const ANN: ReadonlySet<string | undefined> = new Set(['Patient/ann', `${BASE}/Patient/ann`]);
const ofAnn = ({ person }: Made): boolean => ANN.has(person);

describe('A patient’s latest', () => {
  const queries: [string, (one: Made) => boolean][] = [
    ['patient=ann&status=final&_sort=-date', (one) => ofAnn(one) && one.status === 'final'],
    ['patient=Patient/ann&_sort=-date', ofAnn],
    ['subject=Patient/ann&status=final,amended&_sort=-date', (one) => ofAnn(one) && one.status !== 'preliminary'],
    [`patient=${BASE}/Patient/ann&status=amended&_sort=-date`, (one) => ofAnn(one) && one.status === 'amended'],
    ['patient=ann&code=urn:c|a&_sort=-date', (one) => ofAnn(one) && one.code === 'a'],
    ['patient=ann&status=final&code:not=a&_sort=-date', (one) => ofAnn(one) && one.status === 'final' && one.code !== 'a'],
    [
      'patient=ann&status=final&date=ge2025-03-01&_sort=-date',
      (one) => ofAnn(one) && one.status === 'final' && /^2025(-03|$)/.test(one.date ?? ''),
    ],
    ['patient=nobody&status=final&_sort=-date', () => false],
    ['patient=http://there/fhir/Patient/ann&_sort=-date', ({ person }) => person === 'http://there/fhir/Patient/ann'],
    ['patient=bea&status=preliminary&_sort=-date', ({ person, status }) => person === 'Patient/bea' && status === 'preliminary'],
  ];

  it.each(queries)('by %s are those that a look at each finds, page by page', async (query, wanted) => {
    const expected = inOrder(wanted);
    const { search } = parseSearch(
      { type: 'DiagnosticReport', parameters: [...new URLSearchParams(query)], lenient: false },
      { base: BASE, now: 0 },
    );
    expect(walkOf(search)).toBeDefined();
    for (const find of [
      (asked: Search) => recordSearch.search(LOCAL_CALLER, asked, { names: [], query: '' }),
      (asked: Search) => database.statement((tx) => findPage(tx, LOCAL_CALLER, asked)),
    ]) {
      const { ids, pages: count } = await pages(`${query}&_count=7`, find);
      expect(ids).toEqual(expected);
      expect(count).toBe(Math.max(1, Math.ceil(expected.length / 7)));
    }
  });

  it('are counted where there are more than a page', async () => {
    const expected = inOrder((one) => ofAnn(one) && one.status === 'final').length;
    expect(expected).toBeGreaterThan(5);
    for (const count of ['2', '1000']) {
      const parameters: [string, string][] = [
        ['patient', 'ann'],
        ['status', 'final'],
        ['_sort', '-date'],
        ['_count', count],
      ];
      const { search } = parseSearch({ type: 'DiagnosticReport', parameters, lenient: false }, { base: BASE, now: 0 });
      expect((await recordSearch.search(LOCAL_CALLER, search, { names: [], query: '' })).total).toBe(expected);
    }
  });

  it('go on where a page of an older server ended, that says nothing of what has no date', async () => {
    const dateless = inOrder((one) => one.person === 'Patient/bea' && one.date === undefined);
    const [first, ...rest] = dateless;
    const no = await database.statement(
      async (tx) => (await tx.rows<{ no: number }>('SELECT no FROM resource WHERE id = $1', [first]))[0].no,
    );
    const parameters: [string, string][] = [
      ['patient', 'bea'],
      ['_sort', '-date'],
      ['_cursor', cursorText({ values: [null], no })],
    ];
    const { search } = parseSearch({ type: 'DiagnosticReport', parameters, lenient: false }, { base: BASE, now: 0 });
    expect((await recordSearch.search(LOCAL_CALLER, search, { names: [], query: '' })).matches.map(({ id }) => id)).toEqual(rest);
  });

  it('are on record with what they were searched by and how many were found, and a wrong page spoils no other', async () => {
    const asked = (cursor?: string): Search =>
      parseSearch(
        {
          type: 'DiagnosticReport',
          parameters: [
            ['patient', 'ann'],
            ['_sort', '-date'],
            ['_count', '3'],
            ...(cursor ? [['_cursor', cursor] as [string, string]] : []),
          ],
          lenient: false,
        },
        { base: BASE, now: 0 },
      ).search;
    const madeUp = cursorText({ values: ['2025-13-77 00:00:00'], no: 1 });
    const [good, wrong, other] = await Promise.allSettled([
      recordSearch.search(LOCAL_CALLER, asked(), { names: ['patient', '_sort'], query: '' }),
      recordSearch.search(LOCAL_CALLER, asked(madeUp), { names: ['patient'], query: '' }),
      recordSearch.search(LOCAL_CALLER, asked(), { names: ['patient', '_sort'], query: '' }),
    ]);
    expect([good.status, wrong.status, other.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((wrong as PromiseRejectedResult).reason).toMatchObject({ code: 'bad-search-parameter', status: 400 });
    const events = await database.statement((tx) => tx.rows<{ event: string }>('SELECT event FROM ledger_record ORDER BY id DESC LIMIT 2'));
    for (const { event } of events)
      expect(JSON.parse(event)).toEqual({
        occurred_at: expect.any(String),
        actor: LOCAL_CALLER.id,
        action: 'data.fetched',
        entity: { type: 'DiagnosticReport', id: 'search' },
        changes: { what: 'search', parameters: ['patient', '_sort'], matches: 3, included: 0 },
        reason: '',
        outcome: 'success',
        patients: [expect.any(String)],
        who: { kind: 'person', tenant: 1 },
        seal: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
  });

  it('follow a report that changes its patient', async () => {
    const edits = new Edits(database, new Numbers(database));
    const of = (person: string) =>
      draftOf(
        JSON.stringify({
          resourceType: 'DiagnosticReport',
          id: 'moved',
          status: 'final',
          code: { text: 'x' },
          subject: { reference: person },
        }),
        'DiagnosticReport',
        ELSEWHERE,
      );
    const has = async (patient: string): Promise<boolean> =>
      (
        await pages(`patient=${patient}&status=final&_sort=-date`, (asked) =>
          recordSearch.search(LOCAL_CALLER, asked, { names: [], query: '' }),
        )
      ).ids.includes('moved');
    await edits.put(LOCAL_CALLER, of('Patient/eve'), 'moved', {});
    expect([await has('eve'), await has('fay')]).toEqual([true, false]);
    await edits.put(LOCAL_CALLER, of('Patient/fay'), 'moved', {});
    expect([await has('eve'), await has('fay')]).toEqual([false, true]);
    await edits.put(LOCAL_CALLER, of('Group/fay'), 'moved', {});
    expect(await has('fay')).toBe(false);
  });
});

describe('Timelines after a migration', () => {
  it('are filled before the first search, with the rest of the index', async () => {
    const search = (asked: Search): Promise<FoundPage> => recordSearch.search(LOCAL_CALLER, asked, { names: [], query: '' });
    const expected = inOrder((one) => ofAnn(one) && one.status === 'final');
    const query = 'patient=ann&status=final&_sort=-date&_count=1000';
    expect((await pages(query, search)).ids).toEqual(expected);
    await database.transaction(async (tx) => {
      await tx.run('UPDATE resource SET index_form = 1, patient = NULL, status = NULL, dated = NULL');
      for (const table of ['token', 'reference', 'date', 'string', 'quantity']) await tx.run(`DELETE FROM search_${table}`);
    });
    expect((await pages(query, search)).ids).toEqual([]);
    await indexWhatIsLeft(database);
    expect((await pages(query, search)).ids).toEqual(expected);
    expect((await pages('code=urn:c|a&_count=1000', search)).ids.length).toBe(made.filter(({ code }) => code === 'a').length);
  });
});
