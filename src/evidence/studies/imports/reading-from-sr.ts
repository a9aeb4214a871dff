import type { DicomJson } from '../../../dicom/dicom-json.js';
import type { BroughtReading } from './brought.js';
import { EntryMalformed } from './faults.js';
import { armOf, fitText, ratingOf } from './reading-codes.js';
import { groupsIn, imageOf, momentOf, readerOf, type SrGroup } from './sr-context.js';
import { numberIn, ownCodeIn, ownItem, placeOf, qualifierOf, wordsIn, yesOrNoIn, type SrItem } from './sr-items.js';

/**
 * Readings in a DICOM structured report (PS3.3 A.35.1 to A.35.3, A.35.13): a container each, with the items `rating`, `clinical-action`,
 * `arm` (99WETREAD), an IMAGE, and its observer or one around it. A rating without value, the reason in its qualifier or in `reason`,
 * could not be read.
 * @throws EntryMalformed
 */
export const readingsFromSr = (dataset: DicomJson): BroughtReading[] =>
  groupsIn(dataset, (container) => ownItem(container, 'rating') !== undefined, 'rating').map(readingIn);

function readingIn(group: SrGroup): BroughtReading {
  const { container } = group;
  const rating = ownItem(container, 'rating') as SrItem; // what the group was found by
  const arm = ownItem(container, 'arm');
  return {
    place: placeOf(container),
    of: imageOf(group),
    reader: readerOf(group),
    arm: armOf(placeOf(arm ?? container), arm && ownCodeIn(arm)),
    submittedAt: momentOf(group, rating),
    ...saidIn(container, rating),
  };
}

function saidIn(container: SrItem, item: SrItem): Pick<BroughtReading, 'rating' | 'clinicalAction' | 'status' | 'reason'> {
  const action = ownItem(container, 'clinical-action');
  const rating = numberIn(item);
  if (rating === undefined) {
    if (action !== undefined) throw new EntryMalformed(placeOf(action), 'must not be there: the case could not be read');
    const reason = fitText(placeOf(item), wordsIn(ownItem(container, 'reason')) ?? qualifierOf(item), 'why there is no value');
    return { rating: null, clinicalAction: null, status: 'not-evaluable', reason };
  }
  const clinicalAction = action && yesOrNoIn(action);
  if (clinicalAction === undefined) throw new EntryMalformed(placeOf(action ?? container), 'must have clinical-action, with its value');
  return { rating: ratingOf(placeOf(item), rating), clinicalAction, status: 'read', reason: '' };
}
