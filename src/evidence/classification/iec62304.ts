import type { DeviceFacts, Ground } from './device-facts.js';

export const SOFTWARE_SAFETY_CLASSES = ['A', 'B', 'C'] as const;
export type SoftwareSafetyClass = (typeof SOFTWARE_SAFETY_CLASSES)[number];

export interface SafetyClassAnswer {
  readonly class: SoftwareSafetyClass;
  readonly grounds: readonly Ground[];
}

/** Software safety class (IEC 62304:2006+A1:2015 4.3 a). Only risk controls outside the software system count. */
export function softwareSafetyClass(facts: DeviceFacts): SafetyClassAnswer {
  const because = (given: SoftwareSafetyClass, rule: string, ...read: (keyof DeviceFacts)[]): SafetyClassAnswer => ({
    class: given,
    grounds: [{ rule: `${rule}: ${given}`, citation: 'IEC 62304:2006+A1:2015 4.3 a)', facts: read }],
  });
  if (!facts.hazardousSituationPossible)
    return because('A', 'the software can not contribute to a hazardous situation', 'hazardousSituationPossible');
  const read = ['hazardousSituationPossible', 'unacceptableAfterExternalControls'] as const;
  if (!facts.unacceptableAfterExternalControls)
    return because('A', 'no unacceptable risk after the controls outside the software', ...read);
  return facts.harmSeverity === 'non-serious'
    ? because('B', 'unacceptable risk, and the possible harm is a non-serious injury', ...read, 'harmSeverity')
    : because('C', 'unacceptable risk, and the possible harm is a serious injury or death', ...read, 'harmSeverity');
}
