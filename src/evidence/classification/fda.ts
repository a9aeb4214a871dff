import type { DeviceFacts, Ground } from './device-facts.js';
import { FDA_EXCLUDED, FDA_FUNCTIONS } from './fda-functions.js';

export const FDA_CLASSES = ['I', 'II', 'III'] as const;
export const FDA_PATHWAYS = ['none', 'non-device CDS', '510(k)', 'De Novo', 'PMA'] as const;
/** FDA, Content of Premarket Submissions for Device Software Functions, June 2023. */
export const DOCUMENTATION_LEVELS = ['Basic', 'Enhanced'] as const;

export interface FdaAnswer {
  readonly device: boolean;
  readonly class: (typeof FDA_CLASSES)[number] | null;
  /** Null where no classification regulation is known for it: the product code must be found by hand. */
  readonly regulation: string | null;
  readonly productCodes: readonly string[];
  readonly pathway: (typeof FDA_PATHWAYS)[number];
  /** Null where it is not a device. */
  readonly documentationLevel: (typeof DOCUMENTATION_LEVELS)[number] | null;
  readonly grounds: readonly Ground[];
}

const notADevice = (pathway: 'none' | 'non-device CDS', ground: Ground): FdaAnswer => ({
  device: false,
  class: null,
  regulation: null,
  productCodes: [],
  pathway,
  documentationLevel: null,
  grounds: [ground],
});

/** The four criteria of FD&C 520(o)(1)(E) as the FDA's guidance of 29 January 2026 reads them; time-critical use fails the fourth. */
const isNonDeviceSupport = (facts: DeviceFacts): boolean =>
  facts.function === 'decision-support-without-image' &&
  !facts.analysesImageOrSignal &&
  facts.onlyMedicalInformation &&
  facts.professionalUser &&
  facts.basisReviewable &&
  !facts.timeCritical;

type Classified = Pick<FdaAnswer, 'class' | 'regulation' | 'productCodes' | 'pathway'> & { readonly ground: Ground };

function classified(facts: DeviceFacts): Classified {
  if (facts.highRiskBeyondSpecialControls) {
    const rule = 'general and special controls can not assure safety: class III, premarket approval';
    const ground: Ground = { rule, citation: 'FD&C 513(a)(1)(C)', facts: ['highRiskBeyondSpecialControls'] };
    return { class: 'III', regulation: null, productCodes: [], pathway: 'PMA', ground };
  }
  if (!facts.predicate) {
    const rule = 'no predicate: De Novo request, class II proposed';
    const ground: Ground = { rule, citation: 'FD&C 513(f)(2); 21 CFR 860 Subpart D', facts: ['predicate'] };
    return { class: 'II', regulation: null, productCodes: [], pathway: 'De Novo', ground };
  }
  const known = FDA_FUNCTIONS.get(facts.function);
  if (known === undefined) {
    const rule = 'a predicate, but no regulation known for the function: find its product code';
    const ground: Ground = { rule, citation: 'FD&C 510(k); 21 CFR 807 Subpart E', facts: ['function', 'predicate'] };
    return { class: 'II', regulation: null, productCodes: [], pathway: '510(k)', ground };
  }
  const note = known.note === undefined ? '' : ` (${known.note})`;
  const ground: Ground = {
    rule: `${facts.function} with a predicate: class ${known.class}${note}`,
    citation: known.regulation,
    facts: ['function', 'predicate'],
  };
  return { class: known.class, regulation: known.regulation, productCodes: known.productCodes, pathway: '510(k)', ground };
}

/** Whether it is a device in the United States, its class, its way to market, and how much software documentation is due. */
export function fdaClassification(facts: DeviceFacts): FdaAnswer {
  if (!facts.medicalPurpose)
    return notADevice('none', { rule: 'no medical purpose: not a device', citation: 'FD&C 201(h)', facts: ['medicalPurpose'] });
  const excluded = FDA_EXCLUDED.get(facts.function);
  if (excluded !== undefined) return notADevice('none', { ...excluded, facts: ['function'] });
  if (isNonDeviceSupport(facts))
    return notADevice('non-device CDS', {
      rule: 'decision support that meets all four criteria: not a device',
      citation: 'FD&C 520(o)(1)(E); FDA, Clinical Decision Support Software, 29 January 2026',
      facts: ['analysesImageOrSignal', 'onlyMedicalInformation', 'professionalUser', 'basisReviewable', 'timeCritical'],
    });
  const { ground, ...answer } = classified(facts);
  const enhanced = facts.probableDeathOrSeriousInjuryBeforeControls || facts.combinationProduct || answer.class === 'III';
  const level: Ground = {
    rule: enhanced
      ? 'probable death or serious injury before controls, a combination product, or class III: Enhanced'
      : 'none of the reasons for Enhanced: Basic',
    citation: 'FDA, Content of Premarket Submissions for Device Software Functions, June 2023',
    facts: ['probableDeathOrSeriousInjuryBeforeControls', 'combinationProduct'],
  };
  return { device: true, ...answer, documentationLevel: enhanced ? 'Enhanced' : 'Basic', grounds: [ground, level] };
}
