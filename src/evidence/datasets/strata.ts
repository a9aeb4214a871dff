import type { CaseHeader } from './case-header.js';

/** What cases may be told apart by for a sample; `age` is by decades. */
export const STRATIFIERS = ['site', 'manufacturer', 'model', 'modality', 'view', 'sex', 'age'] as const;
export type Stratifier = (typeof STRATIFIERS)[number];

const UNKNOWN = 'unknown';

/** A case's stratum in words, as `S1 / F / 40-49`; empty where nothing is told apart. @param site  its key, `S1` */
export function stratumOf(header: CaseHeader, site: string, by: readonly Stratifier[]): string {
  const values: Readonly<Record<Stratifier, string>> = {
    site,
    manufacturer: header.manufacturer,
    model: header.model,
    modality: header.modality,
    view: header.viewPosition,
    sex: header.sex,
    age: decade(header.ageYears),
  };
  return by.map((one) => values[one] || UNKNOWN).join(' / ');
}

function decade(years: number | null): string {
  if (years === null) return UNKNOWN;
  const from = 10 * Math.floor(years / 10);
  return from >= 90 ? '90+' : `${from}-${from + 9}`;
}
