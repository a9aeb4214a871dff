import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DISCLAIMER, RULES_AS_OF, type Classification } from '../../src/evidence/classification/classify.js';
import type { DeviceFacts } from '../../src/evidence/classification/device-facts.js';
import { asReference, factsOf, present, workedCases, type WorkedCase } from '../evidence/statistics/classification-cases.js';
import { A_DEVICE, AN_INTENDED_USE, asksAs, decisionAsSuggested, refusedBy, writtenBy, type GivenRecord } from './regulatory-file.js';
import { Wetread } from './wetread.js';

if (!present) process.stdout.write('22 worked cases of classification skipped: ../shared/stats/classification is absent\n');

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());
const asks: ReturnType<typeof asksAs> = (...given) => asksAs(wetread, {})(...given);

/** A second reader for mammography, say. */
const FACTS: DeviceFacts = {
  medicalPurpose: true,
  function: 'detection-and-diagnosis',
  analysesImageOrSignal: true,
  situation: 'critical',
  significance: 'drive',
  decisionInformation: true,
  monitoring: 'none',
  closedLoopTherapy: false,
  hazardousSituationPossible: true,
  unacceptableAfterExternalControls: true,
  harmSeverity: 'serious-or-death',
  probableDeathOrSeriousInjuryBeforeControls: true,
  combinationProduct: false,
  predicate: true,
  highRiskBeyondSpecialControls: false,
  professionalUser: true,
  basisReviewable: true,
  timeCritical: false,
  onlyMedicalInformation: false,
  ai: true,
};
const suggestionOf = async (facts: object): Promise<Classification> => {
  const answer = await asks('POST', '/classify', facts);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Classification;
};
const decide = (facts: object, decision: object, more: object = {}) =>
  asks('POST', '/records/classification-decision', {
    content: { device: null, intendedUse: null, facts, decision, rationale: 'As the rules have it.', ...more },
  });

describe('Each worked case', () => {
  (present ? it.each([...workedCases]) : it.skip.each([{ name: 'absent' } as WorkedCase]))(
    'is suggested as the reference has it, and stands so beside the stored decision: $name',
    async ({ input, expected }) => {
      const facts = factsOf(input);
      const suggestion = await suggestionOf(facts);
      expect(asReference(suggestion)).toEqual(expected);
      const { content } = await writtenBy(await decide(facts, decisionAsSuggested(suggestion)));
      const {
        suggestion: kept,
        rulesAsOf,
        facts: decidedOn,
      } = content as unknown as { suggestion: Classification; rulesAsOf: string; facts: object };
      expect(asReference(kept)).toEqual(expected);
      expect([rulesAsOf, decidedOn]).toEqual([RULES_AS_OF, facts]);
    },
  );

  (present ? it : it.skip)('is on file, all 22 of them', async () => {
    const { records } = (await (await asks('GET', '/records/classification-decision')).json()) as { records: GivenRecord[] };
    expect(records).toHaveLength(22);
  });
});

describe('A suggestion', () => {
  it('says by which rules it came, printed where, of which day, and that a person decides', async () => {
    const kept = await wetread.sql('SELECT FROM regulatory_record');
    const suggestion = await suggestionOf(FACTS);
    expect(suggestion).toMatchObject({ rulesAsOf: RULES_AS_OF, disclaimer: DISCLAIMER, facts: FACTS });
    for (const part of ['imdrf', 'mdr', 'iec62304', 'fda', 'aiAct'] as const)
      for (const { rule, citation } of suggestion[part].grounds) expect([rule.length > 3, citation.length > 5]).toEqual([true, true]);
    expect(await wetread.sql('SELECT FROM regulatory_record')).toHaveLength(kept.length); // nothing of it is kept
  });

  it.each([
    [{ ...FACTS, ai: 'yes' }, "The content's ai must be true or false."],
    [{ ...FACTS, function: 'detect' }, /^The content's function must be one of storage, communication/],
    [{ ...FACTS, harmSeverity: undefined }, "The content's harmSeverity is missing."],
    [{ ...FACTS, hospital: 'x' }, 'The content has an unknown member "hospital".'],
    ['x', 'The content must be an object.'],
  ])('is of whole facts alone: %#', async (facts, detail) => {
    expect(await refusedBy(await asks('POST', '/classify', facts))).toEqual([
      422,
      'unfit-content',
      typeof detail === 'string' ? detail : expect.stringMatching(detail),
    ]);
  });
});

describe('A decision', () => {
  it('that departs from the suggestion in one scheme says why, or is refused', async () => {
    const decision = decisionAsSuggested(await suggestionOf(FACTS));
    const departures = {
      imdrf: { category: 'II' },
      mdr: { class: 'IIa', subRule: '11a' },
      iec62304: { class: 'B' },
      fda: { documentationLevel: 'Basic' },
      aiAct: { highRisk: false },
    } as const;
    for (const [scheme, departure] of Object.entries(departures)) {
      const of = decision[scheme as keyof typeof decision];
      const [, code, detail] = await refusedBy(await decide(FACTS, { ...decision, [scheme]: { ...of, ...departure } }));
      expect([scheme, code, detail]).toEqual([scheme, 'departure-unexplained', expect.stringContaining(`The decision of ${scheme} needs`)]);
      const explained = { ...of, ...departure, reason: 'The notified body holds it so, letter of 3 May.' };
      const { content } = await writtenBy(await decide(FACTS, { ...decision, [scheme]: explained }));
      expect(content).toMatchObject({ decision: { [scheme]: explained }, suggestion: { mdr: { class: 'IIb' } } });
    }
    expect((await decide(FACTS, { ...decision, fda: { ...decision.fda, productCodes: ['QDQ', 'QDQ'] } })).status).toBe(422);
    await writtenBy(await decide(FACTS, { ...decision, fda: { ...decision.fda, productCodes: ['QBS', 'QDQ'] } })); // in whatever order
  });

  it('where the legal text and the table differ is justified in writing, though it follows the suggestion', async () => {
    const facts = { ...FACTS, decisionImpact: 'other' };
    const suggestion = await suggestionOf(facts);
    expect(suggestion.mdr.tableConflict).toBe(true);
    const decision = decisionAsSuggested(suggestion);
    const [status, code] = await refusedBy(await decide(facts, { ...decision, mdr: { ...decision.mdr, reason: null } }));
    expect([status, code]).toEqual([422, 'departure-unexplained']);
    await writtenBy(await decide(facts, decision));
  });

  it('names every scheme, and the device and the intended use that it is of by their content', async () => {
    const { fda, ...decision } = decisionAsSuggested(await suggestionOf(FACTS));
    expect((await refusedBy(await decide(FACTS, decision)))[2]).toBe("The content's decision.fda is missing.");
    const reference = ({ id, version, sha256 }: GivenRecord) => ({ id, version, sha256 });
    const device = reference(await writtenBy(await asks('POST', '/records/device', { content: A_DEVICE })));
    const intendedUse = reference(await writtenBy(await asks('POST', '/records/intended-use', { content: AN_INTENDED_USE })));
    const whole = { ...decision, fda };
    const { content } = await writtenBy(await decide(FACTS, whole, { device, intendedUse }));
    expect(content).toMatchObject({ device, intendedUse });
    for (const wrong of [
      { device: { ...device, sha256: '0'.repeat(64) } },
      { device: { ...device, version: 2 } },
      { device: intendedUse },
      { intendedUse: { ...intendedUse, id: 'none' } },
    ])
      expect((await refusedBy(await decide(FACTS, whole, { device, intendedUse, ...wrong }))).slice(0, 2)).toEqual([
        422,
        'reference-unmet',
      ]);
  });
});
