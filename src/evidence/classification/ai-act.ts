import type { DeviceFacts, Ground } from './device-facts.js';
import type { MdrAnswer } from './mdr.js';

export interface AiActAnswer {
  /** Null where the device's class, and with it the part of a notified body, is open. */
  readonly highRisk: boolean | null;
  readonly grounds: readonly Ground[];
}

/**
 * Whether an AI system is high-risk: it is, or is a safety component of, a product that needs a third party's
 * conformity assessment under the MDR (Regulation (EU) 2024/1689 Art 6(1)). In-house use and safety components need a human answer.
 */
export function aiActRisk({ ai }: DeviceFacts, { notifiedBody }: MdrAnswer): AiActAnswer {
  const citation = 'Regulation (EU) 2024/1689 Art 6(1) and Annex I Section A point 11; MDCG 2025-6 question 2';
  if (!ai)
    return { highRisk: false, grounds: [{ rule: 'not an AI system', citation: 'Regulation (EU) 2024/1689 Art 3(1)', facts: ['ai'] }] };
  const rule =
    notifiedBody === null
      ? 'open until the class under the MDR is known'
      : notifiedBody
        ? 'an AI system in a device that needs a notified body: high-risk (duties from 2 August 2028 under the 2026 amendment)'
        : 'an AI system in a product that needs no notified body: not high-risk under Art 6(1)';
  return { highRisk: notifiedBody, grounds: [{ rule, citation, facts: ['ai'] }] };
}
