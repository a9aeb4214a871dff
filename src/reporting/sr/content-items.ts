import type { DicomJson } from '../../dicom/dicom-json.js';
import { codeItem, type CodedConcept } from '../coded-concept.js';
import { dataElements } from '../data-elements.js';
import { NO_UNITS, VALUE_INDETERMINATE } from './concepts.js';

/** How an item relates to the one above it (PS3.3 Table C.17.3-1). */
export type Relationship = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'HAS PROPERTIES' | 'INFERRED FROM';

/** The content items of one container or of one value; empty where there are none. */
type Children = readonly DicomJson[];

const DCMR_UID = '1.2.840.10008.8.1.1';

/** A CONTAINER, made by a template of DCMR where one is named (PS3.3 C.17.3, C.18.8). The root has no relationship. */
export function container(
  relationship: Relationship | undefined,
  name: CodedConcept,
  template: string | undefined,
  children: Children,
): DicomJson {
  return {
    ...item(relationship, 'CONTAINER', name, children),
    ...dataElements({
      ContinuityOfContent: 'SEPARATE',
      ContentTemplateSequence:
        template === undefined
          ? undefined
          : dataElements({ MappingResource: 'DCMR', MappingResourceUID: DCMR_UID, TemplateIdentifier: template }),
    }),
  };
}

export const text = (relationship: Relationship, name: CodedConcept, value: string): DicomJson => ({
  ...item(relationship, 'TEXT', name),
  ...dataElements({ TextValue: value.replaceAll('\0', ' ') }),
});

export const code = (relationship: Relationship, name: CodedConcept, value: CodedConcept, children: Children = []): DicomJson => ({
  ...item(relationship, 'CODE', name, children),
  ...dataElements({ ConceptCodeSequence: codeItem(value) }),
});

export const uidReference = (relationship: Relationship, name: CodedConcept, uid: string): DicomJson => ({
  ...item(relationship, 'UIDREF', name),
  ...dataElements({ UID: uid }),
});

/** @param name  undefined in the image library, whose images have no concept name (PS3.16 TID 1601) */
export const image = (relationship: Relationship, name: CodedConcept | undefined, reference: DicomJson): DicomJson => ({
  ...item(relationship, 'IMAGE', name),
  ...dataElements({ ReferencedSOPSequence: reference }),
});

/**
 * A NUM without dimension (UCUM 1): the decimal string that every reader takes, and the exact double beside it
 * (PS3.3 C.18.1). A value that is not finite has no decimal string: the item then says so, and holds none.
 */
export function number(name: CodedConcept, value: number, children: Children = []): DicomJson {
  const measured = dataElements(
    Number.isFinite(value)
      ? {
          MeasuredValueSequence: dataElements({
            NumericValue: Number(value.toPrecision(9)), // with its exponent within the 16 characters of a DS
            FloatingPointValue: value,
            MeasurementUnitsCodeSequence: codeItem(NO_UNITS),
          }),
        }
      : { MeasuredValueSequence: null, NumericValueQualifierCodeSequence: codeItem(VALUE_INDETERMINATE) },
  );
  return { ...item('CONTAINS', 'NUM', name, children), ...measured };
}

function item(
  relationship: Relationship | undefined,
  valueType: string,
  name: CodedConcept | undefined,
  children: Children = [],
): DicomJson {
  return dataElements({
    RelationshipType: relationship,
    ValueType: valueType,
    ConceptNameCodeSequence: name && codeItem(name),
    ContentSequence: children.length > 0 ? children : undefined,
  });
}
