import type { Bundle, CodeableConcept, FhirResource, Observation, Reference } from 'fhir/r4.js';
import { hasErrors } from '../../../records/validation/issue.js';
import { validateText } from '../../../records/validation/validate-text.js';
import { EntryMalformed } from './faults.js';
import { CASE_SYSTEM, fitText, READING_SYSTEM, type ReadingCode } from './reading-codes.js';

/** An Observation, and its FHIRPath. */
export interface ObservationAt {
  readonly place: string;
  readonly one: Observation;
}

const BUNDLES: readonly Bundle['type'][] = ['collection', 'searchset'];

/**
 * The Observations of a text in FHIR R4 (JSON): one, or a Bundle of them, valid by R4 all of them.
 * @throws MalformedJson, EntryMalformed
 */
export function observationsIn(text: string): ObservationAt[] {
  const { value, issues } = validateText(text);
  const wrong = hasErrors(issues) ? issues.find(({ severity }) => severity === 'error') : undefined;
  if (wrong !== undefined) throw new EntryMalformed(wrong.expression, wrong.words);
  const resource = value as FhirResource; // valid by R4
  const found =
    resource.resourceType === 'Bundle' ? entriesOf(resource as Bundle<FhirResource>) : [{ place: resource.resourceType, resource }];
  return found.map(({ place, resource: one }) => {
    if (one?.resourceType !== 'Observation') throw new EntryMalformed(place, 'must be an Observation');
    return { place, one: final(place, one) };
  });
}

function entriesOf({ type, entry = [] }: Bundle<FhirResource>): { place: string; resource: FhirResource | undefined }[] {
  if (!BUNDLES.includes(type)) throw new EntryMalformed('Bundle.type', `must be one of ${BUNDLES.join(', ')}`);
  if (entry.length === 0) throw new EntryMalformed('Bundle.entry', 'must be there');
  return entry.map(({ resource }, i) => ({ place: `Bundle.entry[${i}].resource`, resource }));
}

/** What may yet change, or was taken back, is no reading; and whatever would say otherwise is refused, not passed over. */
function final(place: string, one: Observation): Observation {
  if (one.status !== 'final') throw new EntryMalformed(`${place}.status`, 'must be final');
  if (one.implicitRules !== undefined) throw new EntryMalformed(`${place}.implicitRules`, 'is not taken');
  const modified = [one, ...(one.component ?? [])].some(({ modifierExtension = [] }) => modifierExtension.length > 0);
  if (modified) throw new EntryMalformed(`${place}.modifierExtension`, 'is not taken');
  return one;
}

/** The code of ours in a concept. */
export const ownCode = ({ coding = [] }: CodeableConcept = {}): string | undefined =>
  coding.find(({ system }) => system === READING_SYSTEM)?.code;

/** @throws EntryMalformed */
export function needCode({ place, one }: ObservationAt, code: ReadingCode): void {
  if (ownCode(one.code) !== code) throw new EntryMalformed(`${place}.code`, `must be ${code} of ${READING_SYSTEM}`);
}

/** The case that subject or focus names. @throws EntryMalformed */
export function caseOf({ place, one }: ObservationAt): { caseKey: string } {
  const keys = valuesOf([one.subject, ...(one.focus ?? [])], CASE_SYSTEM);
  if (keys.length !== 1) throw new EntryMalformed(`${place}.subject`, `or focus must name one case by an identifier of ${CASE_SYSTEM}`);
  return { caseKey: fitText(`${place}.subject`, keys[0], 'the key of a case') };
}

export const valuesOf = (references: readonly (Reference | undefined)[], system: string): string[] => [
  ...new Set(references.flatMap((one) => (one?.identifier?.system === system ? [one.identifier.value ?? ''] : []))),
];

/** A concept in words: as it was put, or as its first code is shown. */
export const wordsOf = ({ text, coding = [] }: CodeableConcept = {}): string | undefined => text ?? coding[0]?.display ?? coding[0]?.code;
