const DAY_MS = 86_400_000;

/** For how many days studies of a modality are kept; `*` speaks for those without a rule of their own. */
export type RetentionRules = ReadonlyMap<string, number>;

/** A study as the rules look at it. */
export interface AgingStudy {
  /** DA (YYYYMMDD), or what else came. */
  readonly studyDate: string;
  readonly storedAt: Date;
  /** Of the series that came from outside. */
  readonly modalities: readonly string[];
}

/** Reads `CR:3650d,*:7300d`, as the settings have checked it. */
export const retentionRules = (text: string): RetentionRules =>
  new Map(
    text
      .split(',')
      .filter((rule) => rule !== '')
      .map((rule): [string, number] => {
        const [modality, days] = rule.split(':');
        return [modality, Number.parseInt(days, 10)];
      }),
  );

/**
 * True when the longest of the rules for a study's modalities has passed since its Study Date; where that is no date, since
 * it was stored. A modality that no rule speaks of keeps the study.
 */
export function hasOutlived({ studyDate, storedAt, modalities }: AgingStudy, rules: RetentionRules, now: Date): boolean {
  const days = modalities.map((modality) => rules.get(modality) ?? rules.get('*') ?? Infinity);
  if (days.length === 0) return false;
  return now.getTime() - bornAt(studyDate, storedAt) > Math.max(...days) * DAY_MS;
}

/** Milliseconds. `Date` would make the 31st of February the 3rd of March: that is no date. */
function bornAt(studyDate: string, storedAt: Date): number {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(studyDate) ?? [];
  if (year === undefined) return storedAt.getTime();
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day) ? storedAt.getTime() : date.getTime();
}
