import type { DicomJson } from '../../../dicom/dicom-json.js';
import type { BroughtLabel } from './brought.js';
import { fitText } from './reading-codes.js';
import { groupsIn, imageOf } from './sr-context.js';
import { ownItem, placeOf, wordsIn, yesOrNoIn, type SrItem } from './sr-items.js';

/**
 * Labels in a DICOM structured report: a container each, with the items `label` (Yes or No, 1 or 0; a NUM without value: can't be told)
 * and `method` (99WETREAD), and an IMAGE.
 * @throws EntryMalformed
 */
export const labelsFromSr = (dataset: DicomJson): BroughtLabel[] =>
  groupsIn(dataset, (container) => ownItem(container, 'label') !== undefined, 'label').map((group) => {
    const { container } = group;
    return {
      place: placeOf(container),
      of: imageOf(group),
      label: yesOrNoIn(ownItem(container, 'label') as SrItem) ?? null, // what the group was found by
      method: fitText(placeOf(container), wordsIn(ownItem(container, 'method')), 'method: how it is known'),
    };
  });
