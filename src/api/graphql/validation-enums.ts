import { registerEnumType } from '@nestjs/graphql';
import { ARMS } from '../../evidence/analysis/study-tables.js';
import { PARTS } from '../../evidence/studies/parts.js';
import { PURPOSES } from '../../evidence/studies/read-dataset.js';
import { MEANINGS, SIGNED } from '../../evidence/studies/signatures.js';
import { STEPS } from '../../evidence/studies/study-life.js';
import { namesOf } from './enum-names.js';

/** Words of the rooms as an enum of the graph, each with what it is. */
function wordsEnum<Word extends string>(name: string, description: string, words: Readonly<Record<Word, string>>) {
  const { names, described } = namesOf(Object.keys(words) as Word[]);
  registerEnumType(names, { name, description, valuesMap: described((word) => words[word]) });
  return names;
}
const restOf = <Word extends string>(words: readonly Word[]) =>
  Object.fromEntries(words.map((word) => [word, `\`${word}\` of REST`])) as Record<Word, string>;

const REACHED = {
  locked: 'The protocol is signed: from here on it is amended, not changed',
  running: 'Cases are dealt to readers: they read, and the model does',
  unblinded: 'All is frozen and signed: results are computed',
  closed: 'The results are signed',
  terminated: 'It was given up',
} satisfies Record<(typeof STEPS)[number], string>;

export const STATE = wordsEnum('ValidationState', 'How far a validation study is', { draft: 'It is being planned', ...REACHED });
export const STEP = wordsEnum('ValidationStepState', 'Where a validation study is taken', REACHED);
export const PART = wordsEnum('ValidationPart', 'What somebody does in a validation study: one thing', restOf(PARTS));
export const ARM = wordsEnum('ReadingArm', 'What a reader has before them', {
  unaided: 'The image alone',
  aided: 'The image, and what the model answered',
} satisfies Record<(typeof ARMS)[number], string>);
export const MEANING = wordsEnum('SignatureMeaning', 'What a signature says (21 CFR 11.50 (a)(3))', restOf(MEANINGS));
export const SIGNED_ENTITY = wordsEnum('SignedEntity', 'What of a validation study is signed', {
  protocol: 'A version of the protocol',
  freeze: 'What results are to be computed from: signed to unblind',
  analysis: 'Results, by the number of their analysis',
  package: 'An evidence package, by its number: the digest is its `tagSha512`',
} satisfies Record<(typeof SIGNED)[number], string>);
export const PROTOCOL_KIND = wordsEnum('ProtocolKind', 'What a version of a protocol is', {
  protocol: 'A draft, which a lock makes the protocol',
  amendment: 'A change after the lock: it holds once the three have signed it',
});
export const ANALYSIS_KIND = wordsEnum('AnalysisKind', 'By whose plan results were computed', {
  primary: 'By the locked plan, once',
  'post-hoc': 'By another one, after it',
});
export const DEVIATION_KIND = wordsEnum('DeviationKind', 'What was otherwise than planned', {
  deviation: 'Something that was done',
  'post-hoc': 'Something that was added afterwards',
});
export const READING_STATUS = wordsEnum('CaseReadingStatus', 'Whether a case could be read', {
  read: 'It was',
  'not-evaluable': 'It could not be: `reason` says why',
});
export const PURPOSE = wordsEnum('DatasetPurpose', 'What a dataset is for', restOf(PURPOSES));
export const DATASET_STATE = wordsEnum('DatasetState', 'Whether a dataset is there', {
  making: 'Its cases are being chosen and checked',
  refused: 'It could not be made: `code` says why; nothing is kept of it',
  frozen: 'It is there, for good',
});
