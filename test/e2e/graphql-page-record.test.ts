import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient as createStreamClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import type { Patient } from 'fhir/r4.js';
import { WebSocket } from 'ws';
import { patientIdSql } from '../../src/archive/study-patient.js';
import { patientIdOf, type Whose } from '../../src/records/study-patient-id.js';
import { recordedBy } from './audit-trail.js';
import { aPhantom, found, graph, idle } from './phantoms.js';
import { Wetread } from './wetread.js';

/** A page of reports is made while its look goes on record: it is given when that is there. */
const PAGE = '{ reports(first: 5) { edges { node { id findings { label } patient { id name gender identifiers { value } } } } } }';
interface Answer {
  readonly data?: {
    readonly reports: { readonly edges: readonly { readonly node: { readonly patient: Record<string, unknown> | null } }[] };
  } | null;
  readonly errors?: readonly { readonly extensions?: unknown }[];
}
const phantoms = [aPhantom({ seed: 7_101 }), aPhantom({ seed: 7_102 })];
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' });
  for (const { bytes } of phantoms) await wetread.store(bytes);
  await idle(wetread);
});
afterAll(() => wetread.remove());

const ways: Readonly<Record<string, (query: string) => Promise<Answer>>> = {
  HTTP: (query) => graph(wetread, query) as Promise<Answer>,
  'a WebSocket': async (query) => {
    const client = createClient({ url: `${wetread.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    const { value } = await client.iterate({ query }).next();
    await client.dispose();
    return value as Answer;
  },
  'an event stream': async (query) => {
    const client = createStreamClient({ url: `${wetread.url}/graphql/stream`, retryAttempts: 0 });
    const { value } = await client.iterate({ query }).next();
    client.dispose();
    return value as Answer;
  },
};

/** What the database does with the record of a page. */
const onPages = (does: string) =>
  wetread.sql(
    `CREATE FUNCTION on_page() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${does}; RETURN NEW; END $$;
     CREATE TRIGGER on_page BEFORE INSERT ON ledger_record FOR EACH ROW
       WHEN (NEW.entity_type = 'report' AND NEW.entity_id = 'search') EXECUTE FUNCTION on_page()`,
  );
const pagesOnRecord = async (): Promise<number> => {
  const [{ n }] = await wetread.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM ledger_record WHERE entity_type = 'report' AND entity_id = 'search'`,
  );
  return n;
};

describe.each(Object.keys(ways))('A page of reports over %s', (way) => {
  afterEach(() => wetread.sql('DROP FUNCTION IF EXISTS on_page CASCADE'));

  it('is on record by the time it is given, however long that takes', async () => {
    await onPages('PERFORM pg_sleep(0.7)');
    const before = await pagesOnRecord();
    const { data } = await ways[way](PAGE);
    expect([data?.reports.edges.length, (await pagesOnRecord()) - before]).toEqual([phantoms.length, 1]);
  });

  it('is not given, no part of it, where its look cannot be put on record', async () => {
    await onPages(`RAISE 'no more records'`);
    const { data, errors } = await ways[way](PAGE);
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toMatch(/Phantom|no more records/);
  });
});

describe('Patients of a page', () => {
  it('come in its one look, which names each', async () => {
    const records = await recordedBy(wetread, () => graph(wetread, PAGE));
    expect(records).toHaveLength(1);
    const [{ event, patients, entity }] = records;
    expect([entity, event.changes, patients.length]).toEqual([
      'report/search',
      { what: 'search', matches: phantoms.length, included: phantoms.length },
      phantoms.length,
    ]);
  });

  it('are said to be there only where they were asked for', async () => {
    const without = '{ reports(first: 5) { edges { node { id ...P @skip(if: true) } } } } fragment P on Report { patient { name } }';
    const [{ event }] = await recordedBy(wetread, () => graph(wetread, without));
    expect(event.changes).toEqual({ what: 'search', matches: phantoms.length });
  });

  it.each([
    [
      'in a fragment',
      '{ reports(first: 5) { edges { node { ...P } } } } fragment P on Report { patient { ...Q } } fragment Q on Patient { id name }',
    ],
    [
      'in an inline fragment of an interface',
      '{ reports(first: 5) { edges { node { ... on Node { ... on Report { patient { id name } } } } } } }',
    ],
    ['by another name', '{ reports(first: 5) { edges { node { patient { id } } } e: edges { node { patient { id name } } } } }'],
  ])('are found where they are asked for %s', async (_, query) => {
    const { data, errors } = (await graph(wetread, query)) as Answer;
    expect(errors).toBeUndefined();
    expect(data?.reports.edges.map(({ node }) => node.patient?.['id'])).toEqual(phantoms.map(() => expect.any(String)));
  });

  it('are what FHIR has, and null where it has none', async () => {
    const [gone, kept] = await found<Patient>(wetread, 'Patient?_sort=_id');
    await wetread.sql(`UPDATE resource SET deleted = true WHERE type = 'Patient' AND id = $1`, [gone.id]);
    const { data } = (await graph(wetread, PAGE)) as Answer;
    await wetread.sql(`UPDATE resource SET deleted = false WHERE type = 'Patient' AND id = $1`, [gone.id]);
    const patients = data?.reports.edges.map(({ node }) => node.patient);
    expect(patients).toContainEqual(null);
    expect(patients).toContainEqual(expect.objectContaining({ id: kept.id, gender: kept.gender, name: kept.name?.[0].text }));
  });
});

describe('The Patient’s id of a study', () => {
  const whose: readonly Whose[] = [
    ['P1', null, '1.2'],
    ['P1', 'Hospital A', '1.2'],
    ['P1', ' \u00a0\t Hospital A\u2003\ufeff\r\n', '1.2'],
    ['P1', '\u000b\u1680\u202f\u205f\u3000\u2028\u2029', '1.2'],
    ['', null, '1.2.840.3'],
    ['', 'Hospital A', '1.2.840.3'],
    ['"\\/\b\f\n\r\t\u0001\u001f\u007f', 'é"\\', '1.2'],
    ['山田^太郎 \u{1f9b4} \u2028', ' \u200b x', '1.2'],
  ];

  it.each(whose)('%j %j is the same by the database as by the server', async (...one) => {
    const [patientID, issuer, studyInstanceUID] = one;
    const attributes = JSON.stringify(issuer === null ? {} : { '00100021': { vr: 'LO', Value: [issuer] } });
    const [{ id }] = await wetread.sql<{ id: string }>(
      `WITH study (patient_id, attributes, study_instance_uid) AS (VALUES ($1::text, $2::text, $3::text)) SELECT ${patientIdSql('w', 'true')} AS id`,
      [patientID, attributes, studyInstanceUID],
    );
    expect(id).toBe(patientIdOf(one));
  });
});
