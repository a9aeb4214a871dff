import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifierText } from '../../../src/evidence/package/one-file.js';
import { canonicalText } from '../../../src/signing/canonical.js';
import { present, scenarioPlan, scenarioTables } from '../statistics/scenario-study.js';
import { aStudyOf, FIRST_CASE, type Study } from './a-study-package.js';
import { DoneStudies, packed, PREDICTIONS, RESULTS, type Texts } from './done-studies.js';

if (!present) console.warn('1 test of the reference’s study is skipped: there is no ../shared/stats/scenario');
let studies: DoneStudies;
let study: Study;
/** Of a study as it was done. */
let texts: Texts;
beforeAll(async () => {
  studies = await DoneStudies.begin();
  study = aStudyOf();
  texts = await studies.done(study);
});
afterAll(() => studies.end());

const without = (text: string, key: string): string => text.replace(new RegExp(`^.*${key}.*\n`, 'gm'), '');

describe('A study’s package', () => {
  it('holds, and says what was checked of it', async () => {
    expect(await studies.check(texts)).toEqual({
      exit: 0,
      found: [],
      checked: [
        expect.stringMatching(/^the ledger: 66 records of its first 132, /),
        "4 electronic signatures by the server's keys; the protocol is the one that was signed (version 1): " +
          'Dr A (investigator: responsibility), Dr B (statistician: approval)',
        'the analysis plan: it is the one of the protocol',
        'the cases: the manifest of 60 is the one that the protocol names, each of them has its truth, and a prediction or an error, and there are no others',
        'the results, computed anew from the tables of 60 cases (3 without an answer) and 6 readers, to the last digit: ' +
          '3 endpoints, the primary ones (P1, P2) among them',
        'what was frozen before the unblinding: protocol, manifest, truth, answers and readings are those that Dr A (investigator: approval) and Dr B (statistician: approval) signed',
        'the order, by the ledger: version 1 of the protocol was signed (record 5) before the first of these: ' +
          'a case was read by the model (record 9); a case was shown to a reader (record 129); the study was unblinded (record 131)',
        'the predictions: each of 60 has its record in the ledger, and its score is the probability of the finding that the model gave, by the digest in it',
      ],
    });
    expect(JSON.stringify(texts)).not.toMatch(/of-2/);
  });

  it('holds by the one file alone, where nothing else is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wetread-check-study-'));
    const [zip, verifier] = [join(folder, 'evidence.zip'), join(folder, 'verify.mjs')];
    writeFileSync(zip, await packed(texts, studies.signing()));
    writeFileSync(verifier, verifierText());
    const jwks = join(folder, 'keys');
    writeFileSync(jwks, JSON.stringify({ keys: studies.keys }));
    const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, zip, '--keys', jwks], { env: {}, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([status, stderr, stdout]).toEqual([
      0,
      '',
      expect.stringMatching(/The package is valid[^]*the primary ones \(P1, P2\) among them/),
    ]);
  });

  (present ? it : it.skip)('of the reference’s study holds', async () => {
    const variables = { binary: ['routine_recall'], category: ['site', 'vendor'], number: ['age'] };
    const { exit, found, checked: said } = await studies.check(await studies.done(aStudyOf(scenarioTables(), variables, scenarioPlan())));
    expect([exit, found]).toEqual([0, []]);
    expect(said.join('\n')).toMatch(/12 endpoints, the primary ones \(P1, P2, P3\) among them/);
  });

  it('without readers has no readings, and holds', async () => {
    const { tables, variables, protocol } = aStudyOf();
    const plan = { ...protocol.plan, endpoints: protocol.plan.endpoints.slice(0, 2) };
    const one = aStudyOf({ ...tables, readings: [] }, variables, plan);
    const files = await studies.done(one);
    expect(Object.keys(files)).not.toContain('04-readers/readings.csv');
    expect((await studies.check(files)).found).toEqual([]);
  });

  it.each<[what: string, change: () => Record<string, string | undefined>, exit: number, said: RegExp]>([
    [
      'a score changed',
      () => ({ [PREDICTIONS]: texts[PREDICTIONS].replace(/^(C000001),0\.\d+/m, '$1,0.5') }),
      1,
      /results\.json: .*endpoint P/,
    ],
    [
      'an estimate changed',
      () => ({ [RESULTS]: texts[RESULTS].replace(/"auc":0\.\d/, '"auc":0.9') }),
      1,
      /results\.json: endpoint P1, .*: it says 0\.9\d*, and by the tables it is 0\./,
    ],
    [
      'an estimate changed in its last digits',
      () => ({ [RESULTS]: texts[RESULTS].replace(/("auc":0\.\d{12})\d+/, '$1') }),
      1,
      /results\.json: endpoint P1, .*and by the tables it is .* all numbers of it agree to nine digits/,
    ],
    ['an endpoint left out', () => ({ [RESULTS]: changedResults((all) => all.slice(1)) }), 1, /results\.json: endpoint P1, .*: it says/],
    ['its results in another form', () => ({ [RESULTS]: JSON.stringify(JSON.parse(texts[RESULTS]), undefined, 1) }), 1, /canonical form/],
    ['no results', () => ({ [RESULTS]: undefined }), 2, /^missing: 07-statistics\/results\.json: it is not there/],
    ['results that are none', () => ({ [RESULTS]: 'null' }), 1, /results\.json: it is no JSON object/],
    [
      'another plan beside the protocol',
      () => ({ '01-protocol/sap.json': '{}' }),
      1,
      /sap\.json: it is not the analysis plan of the protocol/,
    ],
    [
      'another protocol',
      () => ({ '01-protocol/protocol.json': otherProtocol() }),
      1,
      /protocol\.json: it is another than the one that was signed/,
    ],
    ['a protocol that is none', () => ({ '01-protocol/protocol.json': '[[[' }), 1, /protocol\.json: it is no JSON object/],
    ['a protocol of another form', () => ({ '01-protocol/protocol.json': '{"plan":{}}' }), 1, /protocol\.json: it has no variables/],
    [
      'a protocol that is too deep',
      () => ({ '01-protocol/protocol.json': `{"a":${'['.repeat(9e4)}${']'.repeat(9e4)}}` }),
      1,
      /it is too deep/,
    ],
    [
      'a manifest of other cases',
      () => ({ '02-dataset/manifest.jsonl': '{"caseKey":"C1"}\n' }),
      1,
      /manifest\.jsonl: it is another than the/,
    ],
    [
      'a case without a prediction',
      () => ({ [PREDICTIONS]: without(texts[PREDICTIONS], 'C000002') }),
      1,
      /^missing: .*predictions.csv: 1 cases of the manifest are not in it: C000002/m,
    ],
    [
      'a case too many',
      () => ({ [PREDICTIONS]: `${texts[PREDICTIONS]}X1,0.5,,9\n` }),
      1,
      /predictions.csv: 1 cases of it are not in the manifest: X1/,
    ],
    [
      'a reading of no case',
      () => ({ '04-readers/readings.csv': `${texts['04-readers/readings.csv']}R1,X1,unaided,1,0\n` }),
      1,
      /readings.csv: 1 cases of it are not in the/,
    ],
    ['a table that is none', () => ({ '03-reference/cases.csv': 'case_id,"' }), 1, /cases\.csv: it is no table of the study: Row 1/],
    [
      'a truth that is none',
      () => ({ '03-reference/cases.csv': texts['03-reference/cases.csv'].replace(/,[01],/, ',2,') }),
      1,
      /Row 2: truth is neither 0 nor 1/,
    ],
    [
      'a case with two predictions',
      () => ({ [PREDICTIONS]: texts[PREDICTIONS].replace(/^(C000002.*\n)/m, '$1$1') }),
      1,
      /the tables disagree: 1 cases have two/,
    ],
    ['nobody’s signature', () => ({ 'signatures.json': '[]' }), 2, /^missing: signatures\.json: nobody has signed the protocol/],
    ['signatures that are none', () => ({ 'signatures.json': '{}' }), 1, /signatures\.json: it is no list/],
    [
      'a signature for another reason',
      () => ({ 'signatures.json': texts['signatures.json'].replace('approval', 'review') }),
      3,
      /signature: signatures\.json: of its signatures 2 holds by no/,
    ],
    [
      'a signature that is no JWS',
      () => ({ 'signatures.json': texts['signatures.json'].replace(/"jws": "[^"]+"/, '"jws": "e30.e30"') }),
      3,
      /of its signatures 1 holds by no/,
    ],
    ['signatures by no algorithm', () => ({ 'signatures.json': unsigned() }), 3, /of its signatures 1, 2, 3, 4 holds by no known key/],
    [
      'no ledger',
      () => Object.fromEntries(['events', 'checkpoints', 'proofs'].map((name) => [`10-audit/${name}.jsonl`, undefined])),
      2,
      /events\.jsonl: it is not there: nothing tells when the study did what/,
    ],
    [
      'a record left out that a prediction names',
      () => leftOut(),
      2,
      /events\.jsonl: it has no record that the model read the case of 1 predictions: C000000/,
    ],
    [
      'an answered case made a failure',
      () => ({ [PREDICTIONS]: texts[PREDICTIONS].replace(/^(C000001),0\.\d+,/m, '$1,,gone') }),
      1,
      /predictions\.csv: the ledger has another case or answer for 1 predictions: C000001/,
    ],
    [
      'another model’s card',
      () => ({ '06-device/model-card.json': '{"classes":[]}' }),
      1,
      /is not the model's card that the protocol names/,
    ],
    [
      'predictions under each other’s records',
      () => ({ [PREDICTIONS]: texts[PREDICTIONS].replace(/,9$/m, ',11') }),
      1,
      /predictions\.csv: the ledger has another case or answer for 1 predictions: C000000/,
    ],
  ])('with %s is told from the one that was made', async (_, change, exit, said) => {
    const { exit: code, found } = await studies.check({ ...texts, ...change() });
    expect([code, found.join('\n')]).toEqual([exit, expect.stringMatching(said)]);
  });

  it('with a byte of any file changed says so or nothing else, and breaks off nowhere', async () => {
    for (const path of Object.keys(texts))
      for (let i = 0; i < 12; i++) {
        const bytes = Buffer.from(texts[path]);
        bytes[Math.floor(((i * 0.618034) % 1) * bytes.length)] ^= [1, 2, 4][i % 3];
        for (const of of [bytes.toString('latin1'), bytes.toString('latin1', 0, 5 * i)])
          expect([path, (await studies.check({ ...texts, [path]: of })).exit]).toEqual([path, expect.any(Number)]);
      }
  });
});

const changedResults = (change: (endpoints: unknown[]) => unknown[]): string => {
  const results = JSON.parse(texts[RESULTS]) as { endpoints: unknown[] };
  return canonicalText({ ...results, endpoints: change(results.endpoints) });
};
const otherProtocol = (): string => texts['01-protocol/protocol.json'].replace('"margin":0.1', '"margin":0.2');
/** Its signatures with the header of a JWS that is not signed. */
const unsigned = (): string =>
  texts['signatures.json'].replace(/"jws": "[^.]+\.([^.]+)\.[^"]+"/g, (_, payload: string) => {
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: studies.keys[0]['kid'] })).toString('base64url');
    return `"jws": "${header}.${payload}."`;
  });
/** The ledger without the first record of a case, nor its proof. */
function leftOut(): Record<string, string> {
  const cut = (path: string): Record<string, string> => ({ [path]: texts[path].split('\n').toSpliced(FIRST_CASE, 1).join('\n') });
  return { ...cut('10-audit/events.jsonl'), ...cut('10-audit/proofs.jsonl') };
}
