import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PackageSigning } from '../../../src/evidence/package/evidence-package.js';
import { aKey, checked, signingBy } from './a-package.js';
import { aSignature, aStudyOf, eventsOf, FIRST_CASE, studyTexts, type Study } from './a-study-package.js';
import { DoneStudies, packed, PREDICTIONS, RESULTS, type Texts } from './done-studies.js';

let studies: DoneStudies;
let study: Study;
let texts: Texts;
beforeAll(async () => {
  studies = await DoneStudies.begin();
  study = aStudyOf();
  texts = await studies.done(study);
});
afterAll(() => studies.end());

/** Somebody with a key of their own, who puts it beside the server's. */
function byAnother(): PackageSigning {
  const key = aKey();
  return signingBy(key, { keys: [...studies.keys, key.jwk] });
}

describe('The order of a study', () => {
  const ordered = async (order: (events: ReturnType<typeof eventsOf>) => ReturnType<typeof eventsOf>) =>
    studies.check({
      ...(await studies.done(study, order(eventsOf(study)))),
      [PREDICTIONS]: texts[PREDICTIONS].replace(/,ledger_seq|,\d+$/gm, ''),
    });

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

  it('has an amendment between the lock and the unblinding, and none after', async () => {
    const first = 'ab'.repeat(32);
    const sign = (value: object) => studies.signer.sign(value);
    const { changes } = eventsOf(study)[1];
    const lock = await aSignature(sign, { name: 'A', role: 'investigator', meaning: 'responsibility', recordSha256: first });
    const recordSha256 = String(changes['recordSha256']);
    const amendment = await aSignature(sign, { name: 'A', role: 'investigator', meaning: 'approval', recordSha256, version: 2 });
    const signed = (sha256: string) => ({ action: 'evidence.signed' as const, changes: { recordSha256: sha256 } });
    const others = eventsOf(study).filter(({ action }) => action !== 'evidence.signed');
    const checkedOf = async (events: ReturnType<typeof eventsOf>) => {
      const files = await studies.done(study, events);
      const unblinding = (JSON.parse(files['signatures.json']) as { entityType: string }[]).filter(
        ({ entityType }) => entityType === 'freeze',
      );
      const predictions = texts[PREDICTIONS].replace(/,ledger_seq|,\d+$/gm, '');
      return studies.check({ ...files, [PREDICTIONS]: predictions, 'signatures.json': JSON.stringify([lock, amendment, ...unblinding]) });
    };
    const kept = await checkedOf([signed(first), ...others.slice(0, -1), signed(recordSha256), ...others.slice(-1)]);
    expect([kept.exit, kept.checked.at(-2)]).toEqual([
      0,
      expect.stringMatching(/version 2 is an amendment \(record \d+\), signed before the study was/),
    ]);
    const late = await checkedOf([signed(first), ...others, signed(recordSha256)]);
    expect([late.exit, late.found]).toEqual([1, [expect.stringMatching(/was signed \(record \d+\) after the study was unblinded/)]]);
  });

  it('is not told of what nothing was recorded of', async () => {
    const { exit, checked: said } = await ordered((all) => all.filter(({ action }) => action !== 'evidence.case-shown'));
    expect([exit, said.at(-2)]).toEqual([0, expect.stringMatching(/no record tells that a case was shown to a reader/)]);
  });
});

describe('Who makes a package anew, with a key of their own beside the server’s,', () => {
  it('cannot have another number in it: it does not follow from the tables', async () => {
    const forged = { ...texts, [RESULTS]: texts[RESULTS].replace(/"auc":0\.\d/, '"auc":0.9') };
    const bytes = await packed(forged, byAnother());
    expect(await checked(bytes)).toMatchObject({ exit: 1, found: [expect.stringMatching(/results\.json: endpoint P1, /)] });
    expect((await checked(bytes, studies)).found).toEqual(
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
      (value) => studies.signer.sign(value),
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
      (value) => studies.signer.sign(value),
      (place) => 9 + 2 * place,
    );
    const forged = { ...texts, [RESULTS]: files[RESULTS], [PREDICTIONS]: files[PREDICTIONS] };
    const withOutputs = { ...forged, '05-predictions/outputs.jsonl': files['05-predictions/outputs.jsonl'] };
    expect((await checked(await packed(withOutputs, byAnother()))).found).toEqual([
      expect.stringMatching(/freeze\.json: what is in the package is not what was frozen: predictionsSha256/),
      expect.stringMatching(/has another case or answer for 57/),
    ]);
    const unnamed = { ...forged, [PREDICTIONS]: forged[PREDICTIONS].replace(/,ledger_seq|,\d+$/gm, '') };
    expect((await checked(await packed(unnamed, byAnother()))).found).toEqual([
      expect.stringMatching(/predictionsSha256/),
      expect.stringMatching(/has another case or answer for 57/),
    ]);
    expect(await checked(await packed(forged, byAnother()))).toMatchObject({
      exit: 1,
      found: [
        expect.stringMatching(/predictionsSha256/),
        expect.stringMatching(/predictions\.csv: the ledger has another case or answer for 57 predictions/),
      ],
    });
  });

  it('cannot put their key in the place of the server’s', async () => {
    const key = aKey();
    const [{ kid }] = studies.keys as { kid: string }[];
    const posing = signingBy({ ...key, kid, jwk: { ...key.jwk, kid } });
    expect((await checked(await packed(texts, posing))).found).toEqual(
      expect.arrayContaining([expect.stringMatching(/signatures\/keys\/.*\.jwk: its key has another name than its thumbprint/)]),
    );
  });
});
