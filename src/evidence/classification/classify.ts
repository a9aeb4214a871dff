import { aiActRisk } from './ai-act.js';
import type { AiActAnswer } from './ai-act.js';
import type { DeviceFacts } from './device-facts.js';
import { fdaClassification } from './fda.js';
import type { FdaAnswer } from './fda.js';
import { softwareSafetyClass } from './iec62304.js';
import type { SafetyClassAnswer } from './iec62304.js';
import { imdrfCategory } from './imdrf.js';
import type { ImdrfAnswer } from './imdrf.js';
import { mdrClass } from './mdr.js';
import type { MdrAnswer } from './mdr.js';

/** The day up to which the rules of this folder were read: kept with every suggestion, so that an old one shows its age. */
export const RULES_AS_OF = '2026-11-23';

/** What must stand beside every suggestion that a person is shown. */
export const DISCLAIMER =
  'A suggestion, to be confirmed by a regulatory person: the record is the human decision, with the facts, rules and citations that it was taken on.';

/** What the rules suggest, each answer with its grounds, from facts that are kept beside it. */
export interface Classification {
  readonly rulesAsOf: string;
  readonly disclaimer: string;
  readonly facts: DeviceFacts;
  readonly imdrf: ImdrfAnswer;
  readonly mdr: MdrAnswer;
  readonly iec62304: SafetyClassAnswer;
  readonly fda: FdaAnswer;
  readonly aiAct: AiActAnswer;
}

/** Suggests a device's classes in every scheme that we know rules of. Pure: the same facts always give the same suggestion. */
export function classify(facts: DeviceFacts): Classification {
  const mdr = mdrClass(facts);
  return {
    rulesAsOf: RULES_AS_OF,
    disclaimer: DISCLAIMER,
    facts,
    imdrf: imdrfCategory(facts),
    mdr,
    iec62304: softwareSafetyClass(facts),
    fda: fdaClassification(facts),
    aiAct: aiActRisk(facts, mdr),
  };
}
