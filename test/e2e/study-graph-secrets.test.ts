import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutSecrets } from '../../src/api/graphql/secret-members.js';
import { Cast, sha256Of, type Person } from './a-study.js';
import { Wetread } from './wetread.js';
import type { AuditEvent, Bundle } from 'fhir/r4.js';

const SECRET = 'correct horse battery';
let wetread: Wetread;
let member: Person;
let auditor: Person;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  const cast = await Cast.of(wetread);
  member = await cast.person('Mia Member', 'study-member');
  auditor = await cast.person('Ada Auditor', 'administrator');
});
afterAll(() => wetread.remove());

interface Asked {
  readonly query?: string;
  readonly variables?: object;
  readonly extensions?: object;
}
async function ask(asked: Asked, path = '/graphql'): Promise<string> {
  const answer = await wetread.fetch(path, {
    method: 'POST',
    headers: { ...member.headers, 'content-type': 'application/json', ...(path !== '/graphql' && { accept: 'text/event-stream' }) },
    body: JSON.stringify(asked),
  });
  return answer.text();
}
const WAYS = ['/graphql', '/graphql/stream'];
const SIGN = 'mutation ($input: SignRegulatoryRecordInput!) { signRegulatoryRecord(input: $input) { signature { id } } }';
const input = { type: 'DEVICE', id: 'd', version: 1, recordSha256: 'a'.repeat(64), meaning: 'APPROVAL', password: SECRET };

describe('A password', () => {
  it.each(WAYS)('comes in variables, not in a document that %s would keep', async (way) => {
    const rest = `type: DEVICE, id: "d", version: 1, recordSha256: "a", meaning: APPROVAL`;
    const literal = `mutation { signRegulatoryRecord(input: { ${rest}, password: "${SECRET}" }) { signature { id } } }`;
    const byDefault = `mutation ($p: String = "${SECRET}") { signRegulatoryRecord(input: { ${rest}, oneTimeCode: $p }) { signature { id } } }`;
    for (const query of [literal, byDefault]) {
      const text = await ask({ query, extensions: { persistedQuery: { version: 1, sha256Hash: sha256Of(query) } } }, way);
      expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
      expect(text).not.toContain(SECRET);
      const again = await ask({ extensions: { persistedQuery: { version: 1, sha256Hash: sha256Of(query) } } }, way);
      expect(again).toContain('PERSISTED_QUERY_NOT_FOUND');
    }
  });

  it.each(WAYS)('is not repeated by %s to whom it was sent amiss', async (way) => {
    const { meaning: _meaning, ...without } = input;
    const amiss: readonly Asked[] = [
      { query: SIGN, variables: { input: without } },
      { query: SIGN, variables: { input: { ...input, password: [SECRET] } } },
      { query: SIGN, variables: { input: { ...input, version: SECRET } } },
      { query: SIGN, variables: { input: SECRET } },
      { query: `mutation { signRegulatoryRecord(input: { password "${SECRET}" }) { signature { id } } }` },
      { query: SIGN, variables: { input: { ...input, password: SECRET.repeat(20) } } },
    ];
    for (const asked of amiss) {
      const text = await ask(asked, way);
      expect(text).toContain('errors');
      expect(text).not.toContain(SECRET);
    }
    expect(await ask(amiss[0], way)).toContain('\\"meaning\\" of required type');
  });

  it.each(WAYS)('is not in the record of what %s refused, as an auditor reads it', async (way) => {
    expect(await ask({ query: SIGN, variables: { input: { ...input, id: `by-${way}` } } }, way)).toContain('not-permitted');
    const answer = await wetread.fetch('/fhir/AuditEvent?_count=50', { headers: auditor.headers });
    const { entry = [] } = (await answer.json()) as Bundle<AuditEvent>;
    const queries = entry
      .flatMap(({ resource }) => resource?.entity ?? [])
      .map(({ query = '' }) => Buffer.from(query, 'base64').toString());
    const kept = queries.filter((query) => query.includes(`"by-${way}"`));
    expect(kept).toEqual([expect.stringContaining('(kept out)')]);
    expect(queries.join()).not.toContain(SECRET);
  });

  it('is taken out of variables, whichever they are, and nothing beside it', () => {
    expect(withoutSecrets({ query: SIGN, variables: { input, list: [{ password: SECRET }] } })).toEqual({
      query: SIGN,
      variables: { input: { ...input, password: '(kept out)' }, list: [{ password: '(kept out)' }] },
    });
    const query = 'mutation ($p: String!, $t: String) { signStudy(input: { password: $p, study: $t }) { signature { id } } }';
    expect(withoutSecrets({ query, variables: { p: SECRET, t: 'x' } })).toEqual({ query, variables: { p: '(kept out)', t: 'x' } });
  });
});
