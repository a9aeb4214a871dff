import type { Coding, CodeableConcept, Extension } from 'fhir/r4.js';

/** HL7 AI Transparency on FHIR 1.0.0 (ballot): its canonicals. */
const GUIDE = 'http://hl7.org/fhir/uv/aitransparency';
const DEVICE_TYPES = `${GUIDE}/CodeSystem/AIdeviceTypeCS`;
const INPUTS = `${GUIDE}/CodeSystem/AIinputsCS`;

/** What kind of device, or of agent, an AI model is. */
export const ARTIFICIAL_INTELLIGENCE: CodeableConcept = {
  coding: [{ system: DEVICE_TYPES, code: 'Artificial-Intelligence', display: 'All kinds of Artificial Intelligence' }],
  text: 'Artificial Intelligence',
};

/** AIKind: an ONNX graph with trained weights is a model of machine learning; which kind of it, no card says. */
export const AI_KIND: Extension = {
  url: `${GUIDE}/StructureDefinition/aitransparency.AIKind`,
  valueCodeableConcept: {
    coding: [{ system: DEVICE_TYPES, code: 'Machine-Learning-Models', display: 'Machine Learning Models' }],
    text: 'Machine Learning Models',
  },
};

/** ModelCardDescription: where a Device's model card is. */
export const modelCardDescription = (reference: string): Extension => ({
  url: `${GUIDE}/StructureDefinition/aitransparency.modelCardDescription`,
  valueReference: { reference },
});

/** Type and category of a DocumentReference that holds a model card in Markdown. */
export const AI_MODEL_CARD: CodeableConcept = { coding: [{ system: INPUTS, code: 'AIModelCard', display: 'AI Model-Card' }] };
export const MARKDOWN_FORMAT: CodeableConcept = {
  coding: [{ system: INPUTS, code: 'AIModelCardMarkdownFormat', display: 'Markdown Format' }],
};

const AI_CONFIDENCE = `${GUIDE}/StructureDefinition/AIconfidence`;

/** AIconfidence: the probability, 0 to 1, that what the AI says at this element is right. */
export const aiConfidence = (probability: number): Extension => ({
  url: AI_CONFIDENCE,
  valueDecimal: Number(probability.toPrecision(12)), // a difference of two doubles has more digits than it knows
});

/** What an element says for itself while the resource around it bears another label (HL7 FHIR DS4P, inline security labels). */
export const inlineLabel = (label: Coding): Extension => ({ url: INLINE_LABEL, valueCoding: label });
const INLINE_LABEL = 'http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label';

/** Tells who reads a resource that some of its elements bear labels of their own. */
export const PROCESS_INLINE_LABEL: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  code: 'PROCESSINLINELABEL',
  display: 'process inline security label',
};

/** An element's extensions without its own label. */
export const withoutInlineLabel = (extensions: readonly Extension[] = []): Extension[] =>
  extensions.filter(({ url }) => url !== INLINE_LABEL);
