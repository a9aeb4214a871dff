import { classify, type Classification } from '../../classification/classify.js';
import type { DeviceFacts } from '../../classification/device-facts.js';
import { MDR_CLASSES } from '../../classification/device-facts.js';
import { DOCUMENTATION_LEVELS, FDA_CLASSES, FDA_PATHWAYS, type FdaAnswer } from '../../classification/fda.js';
import { SOFTWARE_SAFETY_CLASSES, type SafetyClassAnswer } from '../../classification/iec62304.js';
import { IMDRF_CATEGORY_NAMES, type ImdrfAnswer } from '../../classification/imdrf.js';
import { MDR_SUB_RULES, type MdrAnswer } from '../../classification/mdr.js';
import type { AiActAnswer } from '../../classification/ai-act.js';
import type { RecordReference } from '../../studies/protocol.js';
import { DepartureUnexplained } from '../faults.js';
import { recordReference } from '../record-reference.js';
import { recordType, type Referred } from '../record-type.js';
import { DEVICE_FACTS } from './device-facts.js';
import { listOf, objectOf, oneOf, orNull, told, truth, words, type Shape } from '../shape.js';

/** What a person decided in one scheme; `reason` where that is not what the rules suggest. */
type Decided<T> = T & { readonly reason: string | null };

export interface Decision {
  readonly imdrf: Decided<Pick<ImdrfAnswer, 'category'>>;
  readonly mdr: Decided<Pick<MdrAnswer, 'qualifies' | 'class' | 'subRule'>>;
  readonly iec62304: Decided<Pick<SafetyClassAnswer, 'class'>>;
  readonly fda: Decided<Omit<FdaAnswer, 'grounds'>>;
  readonly aiAct: Decided<Pick<AiActAnswer, 'highRisk'>>;
}

/** What a person sends: the facts, and what they decided on them. */
export interface SentDecision {
  readonly device: RecordReference | null;
  readonly intendedUse: RecordReference | null;
  readonly facts: DeviceFacts;
  readonly decision: Decision;
  readonly rationale: string;
}

/** What is kept: the human decision, and beside it what the rules of that day suggested, with their citations. */
export interface ClassificationDecision extends SentDecision {
  readonly rulesAsOf: string;
  readonly suggestion: Omit<Classification, 'facts' | 'rulesAsOf'>;
}

const reason = told('Why the decision is not what the rules suggest, or why it stands where they disagree; else null', orNull(words()));

const DECISION: Shape<Decision> = objectOf<Decision>({
  imdrf: objectOf<Decision['imdrf']>({ category: orNull(oneOf(IMDRF_CATEGORY_NAMES)), reason }),
  mdr: objectOf<Decision['mdr']>({
    qualifies: truth,
    class: orNull(oneOf(MDR_CLASSES)),
    subRule: told('The rule of Annex VIII that gives the class', orNull(oneOf(MDR_SUB_RULES))),
    reason,
  }),
  iec62304: objectOf<Decision['iec62304']>({ class: oneOf(SOFTWARE_SAFETY_CLASSES), reason }),
  fda: objectOf<Decision['fda']>({
    device: truth,
    class: orNull(oneOf(FDA_CLASSES)),
    regulation: orNull(words(100)),
    productCodes: listOf(words(16)),
    pathway: oneOf(FDA_PATHWAYS),
    documentationLevel: told('Level of software documentation (FDA, June 2023)', orNull(oneOf(DOCUMENTATION_LEVELS))),
    reason,
  }),
  aiAct: objectOf<Decision['aiAct']>({ highRisk: orNull(truth), reason }),
});

const SENT: Shape<SentDecision> = objectOf<SentDecision>({
  device: told('The device that is classified, where it is on file', orNull(recordReference)),
  intendedUse: told('The intended use that is classified, where it is on file', orNull(recordReference)),
  facts: told('What the decision is taken on', DEVICE_FACTS),
  decision: told('What a person decided, scheme by scheme', DECISION),
  rationale: told('Why, for who reads it in ten years', words()),
});

export const CLASSIFICATION_DECISION = recordType(
  {
    title: 'Classification decision',
    description: 'A person’s decision on the classes of a device, with the facts, and what the rules suggested of them with citations.',
  },
  SENT,
  (sent) => {
    const { facts: _facts, rulesAsOf, ...suggestion } = classify(sent.facts);
    requireReasons(sent.decision, suggestion);
    const content: ClassificationDecision = { ...sent, rulesAsOf, suggestion };
    return { content, refersTo: referredBy(sent) };
  },
);

const referredBy = ({ device, intendedUse }: SentDecision): Referred[] => [
  ...(device === null ? [] : [{ path: 'device', type: 'device', reference: device }]),
  ...(intendedUse === null ? [] : [{ path: 'intendedUse', type: 'intended-use', reference: intendedUse }]),
];

/** Throws DepartureUnexplained. */
function requireReasons(decision: Decision, suggestion: ClassificationDecision['suggestion']): void {
  for (const scheme of ['imdrf', 'mdr', 'iec62304', 'fda', 'aiAct'] as const) {
    const { reason: given, ...decided } = decision[scheme];
    if (given !== null) continue;
    const suggested: object = suggestion[scheme];
    const departs = Object.entries(decided).find(
      ([name, value]) => !isSame(value, Object.entries(suggested).find(([one]) => one === name)?.[1]),
    );
    if (departs) throw new DepartureUnexplained(scheme, `its ${departs[0]} is not what the rules suggest`);
  }
  // MDCG's table is indicative: where the legal text says otherwise, that is justified in writing.
  if (suggestion.mdr.tableConflict && decision.mdr.reason === null)
    throw new DepartureUnexplained('mdr', 'the legal text and the table of MDCG 2019-11 differ');
}

/** Product codes in whatever order. */
const isSame = (one: unknown, other: unknown): boolean =>
  Array.isArray(one) && Array.isArray(other) ? inOneOrder(one) === inOneOrder(other) : one === other;

const inOneOrder = (list: readonly unknown[]): string =>
  list
    .map(String)
    .sort((a, b) => (a < b ? -1 : 1))
    .join();
