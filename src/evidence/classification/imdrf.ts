import type { DeviceFacts, Ground, HealthcareSituation, Significance } from './device-facts.js';

export const IMDRF_CATEGORY_NAMES = ['I', 'II', 'III', 'IV'] as const;
export type ImdrfCategory = (typeof IMDRF_CATEGORY_NAMES)[number];

/** Categories of software as a medical device, situation by significance (IMDRF/SaMD WG/N12FINAL:2014 7.2). */
export const IMDRF_CATEGORIES: Readonly<Record<HealthcareSituation, Readonly<Record<Significance, ImdrfCategory>>>> = {
  critical: { 'treat-or-diagnose': 'IV', drive: 'III', inform: 'II' },
  serious: { 'treat-or-diagnose': 'III', drive: 'II', inform: 'I' },
  'non-serious': { 'treat-or-diagnose': 'II', drive: 'I', inform: 'I' },
};

export interface ImdrfAnswer {
  /** Null where the purpose is not medical, or one of the two axes was not given. */
  readonly category: ImdrfCategory | null;
  readonly grounds: readonly Ground[];
}

/** The IMDRF category of risk (N12 7.2): not a class of the FDA, nor of the MDR. */
export function imdrfCategory({ medicalPurpose, situation, significance }: DeviceFacts): ImdrfAnswer {
  const category =
    medicalPurpose && situation !== undefined && significance !== undefined ? IMDRF_CATEGORIES[situation][significance] : null;
  const rule = category === null ? 'no category: no medical purpose, or an axis not given' : 'situation by significance';
  return {
    category,
    grounds: [{ rule, citation: 'IMDRF/SaMD WG/N12FINAL:2014 7.2', facts: ['medicalPurpose', 'situation', 'significance'] }],
  };
}
