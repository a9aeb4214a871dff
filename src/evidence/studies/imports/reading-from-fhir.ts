import type { BroughtReading } from './brought.js';
import { EntryMalformed } from './faults.js';
import { caseOf, needCode, observationsIn, ownCode, valuesOf, wordsOf, type ObservationAt } from './fhir-observations.js';
import { instantOf } from './instant.js';
import { armOf, binaryOf, fitText, ratingOf, READER_SYSTEM } from './reading-codes.js';

/**
 * Readings as FHIR R4 Observations: code `rating`, its value an integer on the protocol's scale; the case in subject or focus, the arm in
 * method, who read in performer, when in effectiveDateTime, what they would do in the component `clinical-action`. One with
 * dataAbsentReason in the place of both could not be read.
 * @throws MalformedJson, EntryMalformed
 */
export const readingsFromFhir = (text: string): BroughtReading[] => observationsIn(text).map(readingIn);

function readingIn(at: ObservationAt): BroughtReading {
  const { place, one } = at;
  needCode(at, 'rating');
  const readers = valuesOf(one.performer ?? [], READER_SYSTEM);
  if (readers.length !== 1) throw new EntryMalformed(`${place}.performer`, `must name one reader by an identifier of ${READER_SYSTEM}`);
  const submittedAt = instantOf(one.effectiveDateTime ?? '');
  if (submittedAt === undefined) throw new EntryMalformed(`${place}.effectiveDateTime`, 'must be a time with its offset from UTC');
  return {
    place,
    of: caseOf(at),
    reader: fitText(`${place}.performer`, readers[0], 'the key of a reader'),
    arm: armOf(`${place}.method`, ownCode(one.method)),
    submittedAt,
    ...saidIn(at),
  };
}

function saidIn({ place, one }: ObservationAt): Pick<BroughtReading, 'rating' | 'clinicalAction' | 'status' | 'reason'> {
  const actions = (one.component ?? []).flatMap((part, i) => (ownCode(part.code) === 'clinical-action' ? [{ part, i }] : []));
  if (one.dataAbsentReason !== undefined) {
    if (actions.length > 0)
      throw new EntryMalformed(`${place}.component[${actions[0].i}]`, 'must not be there: the case could not be read');
    const reason = fitText(`${place}.dataAbsentReason`, wordsOf(one.dataAbsentReason), 'why');
    return { rating: null, clinicalAction: null, status: 'not-evaluable', reason };
  }
  if (one.valueInteger === undefined) throw new EntryMalformed(`${place}.value`, 'must be an integer, or dataAbsentReason must be there');
  if (actions.length !== 1) throw new EntryMalformed(`${place}.component`, 'must have clinical-action once');
  const [{ part, i }] = actions;
  return {
    rating: ratingOf(`${place}.value`, one.valueInteger),
    clinicalAction: binaryOf(`${place}.component[${i}].value`, part.valueBoolean ?? part.valueInteger),
    status: 'read',
    reason: '',
  };
}
