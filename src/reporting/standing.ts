import type { ReportStatus } from './report-status.js';

/** The sentence of a report's conclusion that says who stands behind it. `model`: its title and version. */
export const standing = (status: ReportStatus, model: string): string => WORDS[status](model);

const WORDS: Readonly<Record<ReportStatus, (model: string) => string>> = {
  preliminary: (model) => `PRELIMINARY, made by an AI model (${model}) and not seen by a physician.`,
  final: (model) => `Made by an AI model (${model}), reviewed and accepted by a person.`,
  amended: (model) => `Amended by a person who reviewed it; first made by an AI model (${model}).`,
  cancelled: (model) => `REJECTED by a person who reviewed it, NOT TO BE USED; made by an AI model (${model}).`,
  'entered-in-error': (model) => `WITHDRAWN by a person who reviewed it, NOT TO BE USED; first made by an AI model (${model}).`,
};

export const NOT_FOR_CLINICAL_USE = 'NOT FOR CLINICAL USE: demonstration only.';

/** What a report is called by its status: the title of its forms. */
export const TITLES: Readonly<Record<ReportStatus, string>> = {
  preliminary: 'Preliminary report',
  final: 'Final report',
  amended: 'Amended report',
  cancelled: 'Rejected report',
  'entered-in-error': 'Withdrawn report',
};

/**
 * A conclusion taken apart: what it says, and the model that its standing names.
 * @param status  of the report that has the conclusion
 */
export function withoutStanding(conclusion: string, status: ReportStatus): { said: string; model: string; isDemonstration: boolean } {
  const [before, after] = standing(status, '\0').split('\0');
  const begin = conclusion.lastIndexOf(before); // it stands behind what a person may have quoted
  const end = begin < 0 ? -1 : conclusion.indexOf(after, begin + before.length);
  const isDemonstration = conclusion.includes(NOT_FOR_CLINICAL_USE);
  const plain = (text: string): string => text.replace(NOT_FOR_CLINICAL_USE, '').trim();
  if (end < 0) return { said: plain(conclusion), model: 'of an earlier version of this server', isDemonstration };
  const said = [conclusion.slice(0, begin), conclusion.slice(end + after.length)].map(plain).filter((part) => part !== '');
  return { said: said.join(' '), model: conclusion.slice(begin + before.length, end), isDemonstration };
}

/** What was said with the standing of a status: behind it, or in front of what is not to be used. */
export function withStanding(
  said: string,
  status: ReportStatus,
  { model, isDemonstration }: { model: string; isDemonstration: boolean },
): string {
  const own = standing(status, model);
  const isVoid = status === 'cancelled' || status === 'entered-in-error';
  return [...(isVoid ? [own, said] : [said, own]), ...(isDemonstration ? [NOT_FOR_CLINICAL_USE] : [])].join(' ');
}
