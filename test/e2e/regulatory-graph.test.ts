import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../../src/access/roles.js';
import { canonicalText } from '../../src/signing/canonical.js';
import { A_DEVICE, sha256Of } from './regulatory-file.js';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let maker: TokenMaker;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  await wetread.sql(`INSERT INTO tenant (name) VALUES ('elsewhere')`);
});
afterAll(() => wetread.remove());

interface Answer<T> {
  readonly data: T;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}
async function ask<T>(query: string, variables: object = {}, { role = 'regulatory', tenant = 1 }: { role?: Role; tenant?: number } = {}) {
  const answer = await wetread.fetch('/graphql', {
    method: 'POST',
    headers: { ...(await maker.headers({ roles: [role], tenant })), 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()) as Answer<T>;
}
const codesOf = ({ errors = [] }: Answer<unknown>): string[] => errors.map(({ extensions }) => extensions.code);

interface Given {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly sha256: string;
  readonly content: string;
  readonly etag: string;
}
const FIELDS = 'type id version sha256 content reason createdAt createdBy etag';
const ADD = `mutation ($input: AddRegulatoryRecordInput!) { addRegulatoryRecord(input: $input) { clientMutationId record { ${FIELDS} } } }`;
const add = (input: object, who = {}) => ask<{ addRegulatoryRecord: { record: Given } | null }>(ADD, { input }, who);
const content = JSON.stringify(A_DEVICE);

describe('The regulatory file in the graph', () => {
  it('is written, goes on in versions, and is found as REST has it', async () => {
    const { data } = await add({ type: 'DEVICE', id: 'a', content, reason: 'first', clientMutationId: 'm' });
    const { record } = data.addRegulatoryRecord ?? {};
    expect(data.addRegulatoryRecord).toMatchObject({ clientMutationId: 'm' });
    expect(record).toMatchObject({ type: 'DEVICE', id: 'a', version: 1, content: canonicalText(A_DEVICE), reason: 'first' });
    expect(record?.sha256).toBe(sha256Of(canonicalText(A_DEVICE)));
    const next = { type: 'DEVICE', id: 'a', content, reason: 'again', ifMatch: record?.etag };
    expect((await add(next)).data.addRegulatoryRecord?.record.version).toBe(2);
    expect(codesOf(await add(next))).toEqual(['record-moved-on']);
    expect(codesOf(await add({ type: 'DEVICE', id: 'a', content }))).toEqual(['record-exists']);
    expect(codesOf(await add({ type: 'DEVICE', content: '{' }))).toEqual(['bad-argument']);
    expect(codesOf(await add({ type: 'DEVICE', content, ifMatch: '*' }))).toEqual(['bad-argument']);
    expect(codesOf(await add({ type: 'DEVICE', content: '{}' }))).toEqual(['unfit-content']);
    const long = { ...A_DEVICE, manufacturer: 'x'.repeat(1_000) };
    expect((await add({ type: 'DEVICE', id: 'z', content: JSON.stringify(long) })).data.addRegulatoryRecord?.record.version).toBe(1);
    const versions = await ask<Record<'newest' | 'first' | 'none' | 'never', Given | null>>(
      `{ newest: regulatoryRecord(type: DEVICE, id: "a") { version } first: regulatoryRecord(type: DEVICE, id: "a", version: 1) { ${FIELDS} }
         none: regulatoryRecord(type: INTENDED_USE, id: "a") { id } never: regulatoryRecord(type: DEVICE, id: "A?", version: -1) { id } }`,
    );
    expect(versions.data).toEqual({ newest: { version: 2 }, first: record, none: null, never: null });
    const rest = await wetread.fetch('/evidence/records/device/a/versions/1', { headers: await maker.headers({ roles: ['regulatory'] }) });
    expect(await rest.json()).toMatchObject({ sha256: record?.sha256, canonical: record?.content });
  });

  it('is paged by id, both ways, each list by cursors of its own', async () => {
    for (const id of ['b', 'c', 'd']) await add({ type: 'DEVICE', id, content });
    type Page = {
      regulatoryRecords: { edges: { cursor: string; node: { id: string; version: number } }[]; pageInfo: { hasNextPage: boolean } };
    };
    const page = async (given: string) =>
      ask<Page>(`{ regulatoryRecords(${given}) { edges { cursor node { id version } } pageInfo { hasNextPage } } }`);
    const first = (await page('type: DEVICE, first: 3')).data.regulatoryRecords;
    expect(first.edges.map(({ node }) => node)).toEqual([
      { id: 'a', version: 2 },
      { id: 'b', version: 1 },
      { id: 'c', version: 1 },
    ]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const after = first.edges[2].cursor;
    expect((await page(`type: DEVICE, after: "${after}"`)).data.regulatoryRecords.edges.map(({ node }) => node.id)).toEqual(['d', 'z']);
    expect((await page('type: DEVICE, last: 2')).data.regulatoryRecords.edges.map(({ node }) => node.id)).toEqual(['d', 'z']);
    expect(codesOf(await page(`type: MODEL_CARD, after: "${after}"`))).toEqual(['bad-argument']);
  });

  it('suggests classes with rules and citations', async () => {
    const facts = `{ medicalPurpose: true, function: DETECTION_AND_DIAGNOSIS, analysesImageOrSignal: true, situation: CRITICAL, significance: DRIVE,
      decisionInformation: true, decisionImpact: null, monitoring: NONE, closedLoopTherapy: false, hazardousSituationPossible: true,
      unacceptableAfterExternalControls: true, harmSeverity: SERIOUS_OR_DEATH, probableDeathOrSeriousInjuryBeforeControls: true,
      combinationProduct: false, predicate: true, highRiskBeyondSpecialControls: false, professionalUser: true, basisReviewable: true,
      timeCritical: false, onlyMedicalInformation: false, ai: true }`;
    const { data } = await ask<{ classify: object }>(
      `{ classify(facts: ${facts}) { rulesAsOf disclaimer imdrf { category } mdr { class subRule missing grounds { rule citation facts } }
         iec62304 { class } fda { class regulation productCodes pathway documentationLevel } aiAct { highRisk } } }`,
    );
    expect(data.classify).toMatchObject({
      imdrf: { category: 'III' },
      mdr: { class: 'IIb', subRule: '11a.ii', missing: [], grounds: [{ citation: expect.stringContaining('MDCG 2019-11') }] },
      iec62304: { class: 'C' },
      fda: { class: 'II', regulation: '21 CFR 892.2090', productCodes: ['QDQ', 'QBS'], pathway: '510(k)', documentationLevel: 'Enhanced' },
      aiAct: { highRisk: true },
    });
  });

  it('is for whom roles let, and of one organisation', async () => {
    const list = '{ regulatoryRecords(type: DEVICE) { edges { node { id } } } }';
    expect(codesOf(await ask(list, {}, { role: 'reviewer' }))).toEqual(['not-permitted']);
    expect(codesOf(await ask(list, {}, { role: 'study-member' }))).toEqual([]);
    expect(codesOf(await add({ type: 'DEVICE', content }, { role: 'study-member' }))).toEqual(['not-permitted']);
    expect(codesOf(await add({ type: 'DEVICE', id: 'lead', content }, { role: 'validation-lead' }))).toEqual([]);
    const other = await ask<{ regulatoryRecords: { edges: object[] } }>(list, {}, { tenant: 2 });
    expect(other.data.regulatoryRecords.edges).toEqual([]);
  });
});
