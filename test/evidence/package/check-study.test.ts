import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import type { JsonWebKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../src/database/database.js';
import { SERVER_SCOPE } from '../../../src/database/scope.js';
import { evidencePackage, type PackageSigning } from '../../../src/evidence/package/evidence-package.js';
import { verifierText } from '../../../src/evidence/package/one-file.js';
import { checkLedger } from '../../../src/evidence/package/verify/check-ledger.js';
import { checkStudy } from '../../../src/evidence/package/verify/check-study.js';
import { Findings } from '../../../src/evidence/package/verify/findings.js';
import { extractLedger } from '../../../src/ledger/extract.js';
import { canonicalText } from '../../../src/signing/canonical.js';
import { Signer } from '../../../src/signing/signer.js';
import { aDatabase } from '../../a-database.js';
import { anEvent, append, textsOf } from '../../ledger/a-ledger.js';
import { present, scenarioPlan, scenarioTables } from '../statistics/scenario-study.js';
import { aBag, aFile, aKey, aPackage, bytesOf, checked, signingBy } from './a-package.js';
import { aStudyOf, eventsOf, FIRST_CASE, studyTexts, type Study } from './a-study-package.js';

if (!present) console.warn('1 test of the reference’s study is skipped: there is no ../shared/stats/scenario');
const folder = mkdtempSync(join(tmpdir(), 'wetread-check-study-'));
let database: Database;
let signer: Signer;
let keys: JsonWebKey[];
let study: Study;
/** Of a study as it was done, by their paths below `data/`. */
let texts: Record<string, string>;
let studies = 0;

/** Does a study in the ledger, another organisation's records between its own; answers its files. */
async function done(one: Study, events = eventsOf(one)): Promise<Record<string, string>> {
  const id = `study-${(studies += 1)}`;
  const before = await count();
  await append(
    database,
    events.flatMap((event) => [anEvent(1, 'validation-study', id, event), anEvent(2, 'validation-study', id, { reason: 'of-2' })]),
  );
  const { events: records, ...rest } = await textsOf(
    await extractLedger(database, signer, { tenant: 1, about: [['validation-study', id]] }),
  );
  return {
    ...(await studyTexts(
      one,
      (value) => signer.sign(value),
      (place) => before + 1 + 2 * (FIRST_CASE + place),
    )),
    '10-audit/events.jsonl': records,
    '10-audit/checkpoints.jsonl': rest.checkpoints,
    '10-audit/proofs.jsonl': rest.proofs,
  };
}
const count = async (): Promise<number> =>
  database.statement(async (tx) => (await tx.rows<{ n: number }>('SELECT count(*) AS n FROM ledger_link'))[0].n);

beforeAll(async () => {
  database = await aDatabase(SERVER_SCOPE);
  mkdirSync(join(folder, 'data'));
  signer = new Signer(join(folder, 'data'), database);
  study = aStudyOf();
  texts = await done(study);
  ({ keys } = (await signer.publicKeys()) as { keys: JsonWebKey[] });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

/** What is found of files, their ledger first. */
async function check(of: Readonly<Record<string, string | undefined>>) {
  const files = Object.entries(of).flatMap(([path, text]) => (text === undefined ? [] : [[`data/${path}`, text] as const]));
  const findings = new Findings();
  const bag = aBag(Object.fromEntries(files));
  await checkLedger(bag, { keys }, findings);
  await checkStudy(bag, { keys }, findings);
  return {
    exit: findings.exit,
    found: findings.all.map(({ kind, where, words }) => `${kind}: ${where.slice(5)}: ${words}`),
    checked: findings.checked,
  };
}
const packed = async (of: Readonly<Record<string, string>>, signing: PackageSigning): Promise<Buffer> =>
  bytesOf(
    await evidencePackage(
      aPackage(
        Object.entries(of).map(([path, text]) => aFile(path, text)),
        { verifier: verifierText() },
      ),
      signing,
    ),
  );
const byServer = (): PackageSigning => ({
  sign: (bytes) => signer.signBytes(bytes),
  keys,
  signedAt: '2026-11-28T12:00:00.000Z',
  software: 'wetread 0.1.0',
});
/** Somebody with a key of their own, who puts it beside the server's. */
function byAnother(): PackageSigning {
  const key = aKey();
  return signingBy(key, { keys: [...keys, key.jwk] });
}
const PREDICTIONS = '05-predictions/predictions.csv';
const RESULTS = '07-statistics/results.json';
const without = (text: string, key: string): string => text.replace(new RegExp(`^.*${key}.*\n`, 'gm'), '');

describe('A study’s package', () => {
  it('holds, and says what was checked of it', async () => {
    expect(await check(texts)).toEqual({
      exit: 0,
      found: [],
      checked: [
        expect.stringMatching(/^the ledger: 66 records of its first 132, /),
        "2 electronic signatures by the server's keys; the protocol is the one that was signed (version 1): " +
          'Dr A (investigator: responsibility), Dr B (statistician: approval)',
        'the analysis plan: it is the one of the protocol',
        'the cases: the manifest of 60 is the one that the protocol names, each of them has its truth, and a prediction or an error, and there are no others',
        'the results, computed anew from the tables of 60 cases (3 without an answer) and 6 readers, to the last digit: ' +
          '3 endpoints, the primary ones (P1, P2) among them',
        'the order, by the ledger: version 1 of the protocol was signed (record 5) before the first of these: ' +
          'a case was read by the model (record 9); a case was shown to a reader (record 129); the study was unblinded (record 131); ' +
          'each of 60 predictions is as its record says',
      ],
    });
    expect(JSON.stringify(texts)).not.toMatch(/of-2/);
  });

  it('holds by the one file alone, where nothing else is', async () => {
    const [zip, verifier] = [join(folder, 'evidence.zip'), join(folder, 'verify.mjs')];
    writeFileSync(zip, await packed(texts, byServer()));
    writeFileSync(verifier, verifierText());
    const jwks = join(folder, 'keys');
    writeFileSync(jwks, JSON.stringify({ keys }));
    const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, zip, '--keys', jwks], { env: {}, encoding: 'utf8' });
    expect([status, stderr, stdout]).toEqual([
      0,
      '',
      expect.stringMatching(/The package is valid[^]*the primary ones \(P1, P2\) among them/),
    ]);
  });

  (present ? it : it.skip)('of the reference’s study holds', async () => {
    const variables = { binary: ['routine_recall'], category: ['site', 'vendor'], number: ['age'] };
    const { exit, found, checked: said } = await check(await done(aStudyOf(scenarioTables(), variables, scenarioPlan())));
    expect([exit, found]).toEqual([0, []]);
    expect(said.join('\n')).toMatch(/12 endpoints, the primary ones \(P1, P2, P3\) among them/);
  });

  it('without readers has no readings, and holds', async () => {
    const { tables, variables, protocol } = aStudyOf();
    const plan = { ...protocol.plan, endpoints: protocol.plan.endpoints.slice(0, 2) };
    const one = aStudyOf({ ...tables, readings: [] }, variables, plan);
    const files = await done(one);
    expect(Object.keys(files)).not.toContain('04-readers/readings.csv');
    expect((await check(files)).found).toEqual([]);
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
    ['signatures by no algorithm', () => ({ 'signatures.json': unsigned() }), 3, /of its signatures 1, 2 holds by no known key/],
    [
      'a record left out that a prediction names',
      () => leftOut(),
      2,
      /events\.jsonl: the records that .*predictions\.csv names are not in it, of 1 predictions: C000000/,
    ],
    [
      'predictions under each other’s records',
      () => ({ [PREDICTIONS]: texts[PREDICTIONS].replace(/,9$/m, ',11') }),
      1,
      /predictions\.csv: the ledger has another case or score for 1 predictions: C000000/,
    ],
  ])('with %s is told from the one that was made', async (_, change, exit, said) => {
    const { exit: code, found } = await check({ ...texts, ...change() });
    expect([code, found.join('\n')]).toEqual([exit, expect.stringMatching(said)]);
  });

  it('with a byte of any file changed says so or nothing else, and breaks off nowhere', async () => {
    for (const path of Object.keys(texts))
      for (let i = 0; i < 12; i++) {
        const bytes = Buffer.from(texts[path]);
        bytes[Math.floor(((i * 0.618034) % 1) * bytes.length)] ^= [1, 2, 4][i % 3];
        for (const of of [bytes.toString('latin1'), bytes.toString('latin1', 0, 5 * i)])
          expect([path, (await check({ ...texts, [path]: of })).exit]).toEqual([path, expect.any(Number)]);
      }
  });
});

describe('The order of a study', () => {
  const ordered = async (order: (events: ReturnType<typeof eventsOf>) => ReturnType<typeof eventsOf>) =>
    check({ ...(await done(study, order(eventsOf(study)))), [PREDICTIONS]: texts[PREDICTIONS].replace(/,ledger_seq|,\d+$/gm, '') });

  it('is not that of one that read a case before its protocol was signed by all', async () => {
    const { exit, found } = await ordered((all) => [...all.slice(0, 2), all[FIRST_CASE], ...all.slice(2)]);
    expect([exit, found]).toEqual([
      1,
      [expect.stringMatching(/events\.jsonl: a case was read by the model \(record \d+\) before the protocol was signed/)],
    ]);
  });

  it('is not that of one that was unblinded before', async () => {
    const { exit, found } = await ordered((all) => [all[all.length - 1], ...all.slice(0, -1)]);
    expect([exit, found]).toEqual([
      1,
      expect.arrayContaining([expect.stringMatching(/the study was unblinded \(record \d+\) before the protocol/)]),
    ]);
  });

  it('is not that of one whose signatures are on no record', async () => {
    const { exit, found } = await ordered((all) => all.filter(({ action }) => action !== 'evidence.signed'));
    expect([exit, found]).toEqual([2, [expect.stringMatching(/no record tells that version 1 of the protocol was signed/)]]);
  });

  it('is not told of what nothing was recorded of', async () => {
    const { exit, checked: said } = await ordered((all) => all.filter(({ action }) => action !== 'evidence.case-shown'));
    expect([exit, said.at(-1)]).toEqual([0, expect.stringMatching(/no record tells that a case was shown to a reader/)]);
  });
});

describe('Who makes a package anew, with a key of their own beside the server’s,', () => {
  it('cannot have another number in it: it does not follow from the tables', async () => {
    const forged = { ...texts, [RESULTS]: texts[RESULTS].replace(/"auc":0\.\d/, '"auc":0.9') };
    const bytes = await packed(forged, byAnother());
    expect(await checked(bytes)).toMatchObject({ exit: 1, found: [expect.stringMatching(/results\.json: endpoint P1, /)] });
    expect((await checked(bytes, { keys })).found).toEqual(
      expect.arrayContaining([expect.stringMatching(/^signature: signatures\/package/)]),
    );
  });

  it('cannot drop a case from all of it: the signed protocol has the manifest', async () => {
    const { caseId } = study.tables.cases[3];
    const { cases, predictions, readings } = study.tables;
    const kept = <T extends { readonly caseId: string }>(rows: readonly T[]): T[] => rows.filter((one) => one.caseId !== caseId);
    const dropped = aStudyOf({ cases: kept(cases), predictions: kept(predictions), readings: kept(readings) });
    const files = await studyTexts(
      dropped,
      (value) => signer.sign(value),
      () => 0,
    );
    const forged = {
      ...texts,
      ...files,
      'signatures.json': texts['signatures.json'],
      '01-protocol/protocol.json': texts['01-protocol/protocol.json'],
    };
    expect((await checked(await packed(forged, byAnother()))).found).toEqual(
      expect.arrayContaining([expect.stringMatching(/manifest\.jsonl: it is another than the manifest of the protocol/)]),
    );
    const withProtocol = { ...forged, '01-protocol/protocol.json': files['01-protocol/protocol.json'] };
    expect((await checked(await packed(withProtocol, byAnother()))).found).toEqual(
      expect.arrayContaining([expect.stringMatching(/protocol\.json: it is another than the one that was signed/)]),
    );
  });

  it('cannot have other scores in it: the ledger has those that the model gave', async () => {
    const { tables } = study;
    const better = tables.predictions.map((one, i) => ('score' in one ? { ...one, score: tables.cases[i].truth === 1 ? 0.9 : 0.1 } : one));
    const files = await studyTexts(
      { ...study, tables: { ...tables, predictions: better } },
      (value) => signer.sign(value),
      (place) => 9 + 2 * place,
    );
    const forged = { ...texts, [RESULTS]: files[RESULTS], [PREDICTIONS]: files[PREDICTIONS] };
    expect(await checked(await packed(forged, byAnother()))).toMatchObject({
      exit: 1,
      found: [expect.stringMatching(/predictions\.csv: the ledger has another case or score for 57 predictions/)],
    });
  });

  it('cannot put their key in the place of the server’s', async () => {
    const key = aKey();
    const [{ kid }] = keys as { kid: string }[];
    const posing = signingBy({ ...key, kid, jwk: { ...key.jwk, kid } });
    expect((await checked(await packed(texts, posing))).found).toEqual(
      expect.arrayContaining([expect.stringMatching(/signatures\/keys\/.*\.jwk: its key has another name than its thumbprint/)]),
    );
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
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: keys[0]['kid'] })).toString('base64url');
    return `"jws": "${header}.${payload}."`;
  });
/** The ledger without the first record of a case, nor its proof. */
function leftOut(): Record<string, string> {
  const cut = (path: string): Record<string, string> => ({ [path]: texts[path].split('\n').toSpliced(FIRST_CASE, 1).join('\n') });
  return { ...cut('10-audit/events.jsonl'), ...cut('10-audit/proofs.jsonl') };
}
