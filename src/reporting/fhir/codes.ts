import type { CodeableConcept, Coding, Identifier, Meta } from 'fhir/r4.js';
import { PROCESS_INLINE_LABEL } from './ai-transparency.js';
import type { Code, ModelInput } from '../../inference/model-card.js';

const LOINC = 'http://loinc.org';
const SNOMED_CT = 'http://snomed.info/sct';
const UCUM = 'http://unitsofmeasure.org';
/** Codes that no standard has; the canonical URL is a URN, so that it promises no host. */
export const WETREAD_CODES = 'urn:wetread:codesystem:measure';
/** Identifies reports and models of wetread servers. */
export const WETREAD_REPORT = 'urn:wetread:report';
export const MODEL_SHA256 = 'urn:wetread:model-sha256';

const OBSERVATION_VALUE = 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue';
export const AI_ASSERTED: Coding = { system: OBSERVATION_VALUE, code: 'AIAST', display: 'Artificial Intelligence asserted' };
const CLINICIAN_ASSERTED: Coding = { system: OBSERVATION_VALUE, code: 'CLINAST', display: 'clinician asserted' };

/** On every resource that an AI model made (HL7 AI Transparency on FHIR): AI asserted; and the profile of ours that it holds. */
export const aiMeta = (profile: string): Meta => ({ profile: [`urn:wetread:profile:${profile}`], security: [AI_ASSERTED] });

export const AI_ASSERTED_REASON: CodeableConcept = { coding: [AI_ASSERTED] };

/** What an AI model asserted, asserted by a person now who signed it off: the label changes, others stay. */
export const signedOff = ({ security = [], ...meta }: Meta = {}): Meta => ({
  ...meta,
  security: [...security.filter(({ code }) => code !== AI_ASSERTED.code && code !== CLINICIAN_ASSERTED.code), CLINICIAN_ASSERTED],
});

/** The same of a resource some of whose elements stay the AI's, which say so themselves (HL7 AI Transparency, element-level labels). */
export function signedOffInPart(meta: Meta | undefined): Meta {
  const { security = [], ...rest } = signedOff(meta);
  return { ...rest, security: [...security.filter(({ code }) => code !== PROCESS_INLINE_LABEL.code), PROCESS_INLINE_LABEL] };
}

export const concept = (coding: Coding, text?: string): CodeableConcept => ({ coding: [coding], text: text ?? coding.display });

export const cardCode = ({ system, code, display }: Code): CodeableConcept => concept({ system, code, display });

/** Category of the report: HL7 v2 table 0074, and LOINC's part code that US Core asks for. */
export const RADIOLOGY: CodeableConcept[] = [
  concept({ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'RAD', display: 'Radiology' }),
  concept({ system: LOINC, code: 'LP29684-5', display: 'Radiology' }),
];

export const IMAGING: CodeableConcept = concept({
  system: 'http://terminology.hl7.org/CodeSystem/observation-category',
  code: 'imaging',
  display: 'Imaging',
});

/**
 * What kind of study was read, as far as the model's input rules vouch for it: every image that was read kept them. A model
 * that reads radiographs of the chest and nothing else has a code of its own; one that might read others the general code.
 */
export function studyCode({ modalities, bodyParts, required }: ModelInput): CodeableConcept {
  const only = (given: readonly string[], wanted: readonly string[]) => given.length > 0 && given.every((one) => wanted.includes(one));
  const vouched = required.includes('Modality') && required.includes('BodyPartExamined'); // otherwise an image that names none passes
  return vouched && only(modalities, ['CR', 'DX']) && only(bodyParts, ['CHEST', 'THORAX', 'LUNG'])
    ? concept({ system: LOINC, code: '30745-4', display: 'XR Chest Views' })
    : concept({ system: LOINC, code: '18748-4', display: 'Diagnostic imaging study' });
}

export const PRESENT: CodeableConcept = concept({ system: SNOMED_CT, code: '52101004', display: 'Present' });
export const ABSENT: CodeableConcept = concept({ system: SNOMED_CT, code: '2667000', display: 'Absent' });
/** Between the referral threshold and the operating one. */
export const SECOND_LOOK: CodeableConcept = concept({ system: WETREAD_CODES, code: 'second-look', display: 'Second look suggested' });

/** A measure of our own: its code is its name. */
export const measure = (code: string, display: string): CodeableConcept => concept({ system: WETREAD_CODES, code, display });

/** A number without dimension (UCUM 1). JSON's doubles are kept as they are. */
export const plainNumber = (value: number) => ({ value, unit: '1', system: UCUM, code: '1' });

/**
 * What the SR of the same result is tracked by (IHE RAD AIR: each result has a Tracking Unique Identifier, PS3.16 TID 4108), as the
 * Observation's identifier: whoever has the one finds the other.
 */
export const trackingUid = (uid: string): Identifier => ({
  type: {
    coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '112040', display: 'Tracking Unique Identifier' }],
  },
  system: 'urn:dicom:uid',
  value: `urn:oid:${uid}`,
});
