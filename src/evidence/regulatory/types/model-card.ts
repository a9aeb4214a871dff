import { recordType } from '../record-type.js';
import { modelNamed, namedModel } from './named-model.js';

/** The content is the card itself: the record's sha256 is that of card.json's canonical text, by which protocols name it. */
export const MODEL_CARD = recordType(
  { title: 'Model card', description: 'The card of a model that this server reads with, as it was when the record was made.' },
  namedModel,
  (named, models) => ({ content: modelNamed(models, named).card }),
);
