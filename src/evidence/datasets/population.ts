import { createHash } from 'node:crypto';
import { levelOf } from '../../archive/attribute-levels.js';
import type { SearchKey } from '../../archive/search-keys.js';
import { tag } from '../../dicom/dicom-json.js';
import { canonicalText } from '../../signing/canonical.js';
import { PopulationMalformed } from './faults.js';

/** Which images of the archive a dataset is of. Every rule that is given must hold; of a list any value may (PS3.4 C.2.2.2, wild cards too). */
export interface Population {
  readonly modality?: readonly string[];
  readonly bodyPart?: readonly string[];
  readonly viewPosition?: readonly string[];
  readonly sex?: readonly string[];
  readonly manufacturer?: readonly string[];
  readonly manufacturerModel?: readonly string[];
  readonly institution?: readonly string[];
  /** Study Date, both ends in it, YYYYMMDD. */
  readonly studyDate?: { readonly from?: string; readonly to?: string };
  /** At the study, whole years, both ends in it. */
  readonly ageYears?: { readonly least?: number; readonly most?: number };
  /** These alone. */
  readonly sopInstanceUIDs?: readonly string[];
  /** How many images of a study or patient may be in it: which one is chance, by the seed. */
  readonly images: 'all' | 'one-per-study' | 'one-per-patient';
}

const LISTED = {
  modality: { tag: tag(0x0008, 0x0060), vr: 'CS' },
  bodyPart: { tag: tag(0x0018, 0x0015), vr: 'CS' },
  viewPosition: { tag: tag(0x0018, 0x5101), vr: 'CS' },
  sex: { tag: tag(0x0010, 0x0040), vr: 'CS' },
  manufacturer: { tag: tag(0x0008, 0x0070), vr: 'LO' },
  manufacturerModel: { tag: tag(0x0008, 0x1090), vr: 'LO' },
  institution: { tag: tag(0x0008, 0x0080), vr: 'LO' },
  sopInstanceUIDs: { tag: tag(0x0008, 0x0018), vr: 'UI' },
} as const;
const STUDY_DATE = tag(0x0008, 0x0020);
const MOST_YEARS = 150;

/** The keys that the archive finds a population by; ages it does not know, they are looked at afterwards. @throws PopulationMalformed */
export function searchKeys(population: Population): SearchKey[] {
  const keys: SearchKey[] = [];
  for (const [rule, { tag: at, vr }] of Object.entries(LISTED)) {
    const values = population[rule as keyof typeof LISTED];
    if (values === undefined) continue;
    if (values.length === 0 || values.some((value) => value.trim() === '' || value.includes('\\')))
      throw new PopulationMalformed(rule, 'must list values, none of them empty or with a backslash in it');
    keys.push({ tag: at, vr, level: levelOf(at), value: values.join('\\') });
  }
  const { studyDate, ageYears, sopInstanceUIDs } = population;
  if (studyDate !== undefined) {
    const { from = '', to = '' } = studyDate;
    if (
      (from === '' && to === '') ||
      ![from, to].every((day) => day === '' || /^\d{8}$/.test(day)) ||
      (from !== '' && to !== '' && to < from)
    )
      throw new PopulationMalformed('studyDate', 'must be a range of days, YYYYMMDD');
    keys.push({ tag: STUDY_DATE, vr: 'DA', level: 'study', value: `${from}-${to}` });
  }
  if (ageYears !== undefined) {
    const { least = 0, most = MOST_YEARS } = ageYears;
    if (![least, most].every((years) => Number.isInteger(years) && years >= 0 && years <= MOST_YEARS) || most < least)
      throw new PopulationMalformed('ageYears', 'must be a range of whole years');
  }
  if (new Set(sopInstanceUIDs).size < (sopInstanceUIDs?.length ?? 0))
    throw new PopulationMalformed('sopInstanceUIDs', 'must name each once');
  return keys;
}

/**
 * A population as a package may tell it: institutions and instances, which would lead to people, by their number, and all together by a
 * SHA-256 that whoever knows them can make again.
 */
export function toldPopulation(population: Population): string {
  const { institution, sopInstanceUIDs, ...open } = population;
  const listed = (values: readonly string[]) => ({
    listed: values.length,
    sha256: createHash('sha256')
      .update([...values].sort().join('\n'))
      .digest('hex'),
  });
  return canonicalText({
    ...open,
    ...(institution && { institution: listed(institution) }),
    ...(sopInstanceUIDs && { sopInstanceUIDs: listed(sopInstanceUIDs) }),
  });
}
