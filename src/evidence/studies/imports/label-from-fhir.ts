import type { BroughtLabel } from './brought.js';
import { caseOf, needCode, observationsIn, wordsOf } from './fhir-observations.js';
import { binaryOf, fitText } from './reading-codes.js';

/**
 * Labels as FHIR R4 Observations: code `label`, its value true or false, 1 or 0; the case in subject or focus, how it is known in method.
 * One with dataAbsentReason in the place of a value can't be told.
 * @throws MalformedJson, EntryMalformed
 */
export const labelsFromFhir = (text: string): BroughtLabel[] =>
  observationsIn(text).map((at) => {
    const { place, one } = at;
    needCode(at, 'label');
    return {
      place,
      of: caseOf(at),
      label: one.dataAbsentReason !== undefined ? null : binaryOf(`${place}.value`, one.valueBoolean ?? one.valueInteger),
      method: fitText(`${place}.method`, wordsOf(one.method), 'how it is known'),
    };
  });
