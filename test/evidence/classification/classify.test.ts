import { describe, expect, it } from '@jest/globals';
import { classify } from '../../../src/evidence/classification/classify.js';
import type { DeviceFacts } from '../../../src/evidence/classification/device-facts.js';
import { MDR_CLASSES } from '../../../src/evidence/classification/device-facts.js';
import { MDCG_TABLE } from '../../../src/evidence/classification/mdr.js';

/** A second reader of mammograms: what a test changes of it is what it is about. */
const secondReader = (changed: Partial<DeviceFacts> = {}): DeviceFacts => ({
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
  ...changed,
});

describe('A classification', () => {
  it('says of every answer by which rule, printed where, and from which facts it was taken', () => {
    const functions = ['storage', 'administrative', 'detection', 'risk-prediction', 'decision-support-without-image'] as const;
    for (const facts of [
      ...functions.map((one) => secondReader({ function: one })),
      secondReader({ medicalPurpose: false }),
      secondReader({ ai: false, hazardousSituationPossible: false }),
      secondReader({ closedLoopTherapy: true, monitoring: 'non-vital', drivesDeviceClass: 'IIa' }),
      secondReader({ decisionInformation: false, situation: undefined }),
    ]) {
      const { imdrf, mdr, iec62304, fda, aiAct } = classify(facts);
      for (const { grounds } of [imdrf, mdr, iec62304, fda, aiAct]) {
        expect(grounds.length).toBeGreaterThan(0);
        for (const { rule, citation, facts: read } of grounds) {
          expect(rule).not.toBe('');
          expect(citation).toMatch(/\d/); // a clause, a section or a year
          expect(read.length > 0 || citation.endsWith('3.5')).toBe(true);
        }
      }
    }
  });

  it('keeps the facts that it was made of, and the day up to which the rules were read', () => {
    const facts = secondReader();
    expect(classify(facts)).toMatchObject({ facts, rulesAsOf: '2026-11-23' });
  });

  it('gives the strictest of several rules, and names the first where two give the same class (Annex VIII 3.5)', () => {
    expect(classify(secondReader({ monitoring: 'vital-immediate-danger', drivesDeviceClass: 'IIb' })).mdr).toMatchObject({
      class: 'IIb',
      subRule: '11a.ii',
    });
    expect(classify(secondReader({ drivesDeviceClass: 'III' })).mdr).toMatchObject({ class: 'III', subRule: '3.3' });
    const stricter = classify(secondReader({ closedLoopTherapy: true, decisionImpact: 'death-or-irreversible' })).mdr;
    expect(stricter).toMatchObject({ class: 'III', subRule: '22' });
    expect(stricter.grounds.map(({ citation }) => citation)).toContain('Regulation (EU) 2017/745 Annex VIII 3.5');
  });

  it('lets the legal text decide over the indicative table, and wants a reason in writing where they differ', () => {
    for (const [situation, row] of Object.entries(MDCG_TABLE))
      for (const [significance, table] of Object.entries(row)) {
        const { mdr } = classify(secondReader({ situation, significance, decisionImpact: 'other' } as Partial<DeviceFacts>));
        expect(mdr).toMatchObject({ class: 'IIa', tableClass: table, tableConflict: table !== 'IIa' });
      }
  });

  it('leaves a class open that facts are missing for, and says which, rather than guess a lower one', () => {
    const open = classify(secondReader({ situation: undefined }));
    expect(open.mdr).toMatchObject({ qualifies: true, class: null, notifiedBody: null, missing: ['decisionImpact', 'situation'] });
    expect(open.imdrf.category).toBeNull();
    expect(open.aiAct.highRisk).toBeNull();
    const monitored = classify(secondReader({ situation: undefined, monitoring: 'vital-immediate-danger' })).mdr;
    expect(monitored.class).toBeNull(); // IIb at least, but Rule 11's first paragraph may say III
    expect(classify(secondReader({ situation: undefined, closedLoopTherapy: true })).mdr).toMatchObject({ class: 'III', missing: [] });
  });

  it('never lowers the class when something that raises it is added', () => {
    const rank = (facts: DeviceFacts): number => MDR_CLASSES.indexOf(classify(facts).mdr.class ?? 'I');
    const raised: readonly Partial<DeviceFacts>[] = [
      { monitoring: 'non-vital' },
      { monitoring: 'vital-immediate-danger' },
      { closedLoopTherapy: true },
      ...MDR_CLASSES.map((drivesDeviceClass) => ({ drivesDeviceClass })),
    ];
    for (const decisionInformation of [true, false])
      for (const more of raised)
        expect(rank(secondReader({ decisionInformation, ...more }))).toBeGreaterThanOrEqual(rank(secondReader({ decisionInformation })));
  });

  it('keeps support that looks at an image, or in haste, a device (FDA, 29 January 2026)', () => {
    const support = {
      function: 'decision-support-without-image',
      analysesImageOrSignal: false,
      onlyMedicalInformation: true,
    } as const;
    expect(classify(secondReader(support)).fda.pathway).toBe('non-device CDS');
    for (const failing of [
      { analysesImageOrSignal: true },
      { onlyMedicalInformation: false },
      { professionalUser: false },
      { basisReviewable: false },
      { timeCritical: true },
    ])
      expect(classify(secondReader({ ...support, ...failing })).fda).toMatchObject({ device: true, class: 'II', pathway: '510(k)' });
  });

  it('sends what has no predicate to De Novo, even where its function has a regulation', () => {
    expect(classify(secondReader({ predicate: false })).fda).toMatchObject({ pathway: 'De Novo', class: 'II', regulation: null });
  });
});
