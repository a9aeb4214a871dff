import type { Profile, ProfileRule } from './profile.js';

const RADIOLOGY = "category.coding.where(system = 'http://loinc.org' and code = 'LP29684-5').exists()";
const MEASURES = 'urn:wetread:codesystem:measure';
const label = (code: string): string => `meta.security.where(code = '${code}').exists()`;
const there = (names: string): ProfileRule => ({ at: '', names, test: `${names}.exists()`, words: 'must be there' });
const own = (name: string, type: string, rules: readonly ProfileRule[]): Profile => ({
  url: `urn:wetread:profile:${name}`,
  name,
  type,
  source: 'wetread',
  rules,
});

const AI = 'http://hl7.org/fhir/uv/aitransparency';
const CONFIDENCE = `value.extension.where(url = '${AI}/StructureDefinition/AIconfidence')`;
const TRACKED: ProfileRule = {
  at: '',
  names: 'identifier',
  test: "identifier.where(system = 'urn:dicom:uid' and type.coding.where(code = '112040').exists()).exists()",
  words: 'must hold the Tracking Unique Identifier of the same result in the DICOM SR',
};

/** What this server's own resources hold, and what systems that read them may rely on. */
export const OWN_PROFILES: readonly Profile[] = [
  own('ai-report', 'DiagnosticReport', [
    {
      at: '',
      names: 'meta.security',
      test: `${label('AIAST')} or ${label('CLINAST')}`,
      words: 'must say whether an AI model or a clinician asserts it',
      key: 'wr-rep-1',
    },
    {
      at: '',
      names: 'resultsInterpreter',
      test: `status in ('final' | 'amended') implies (resultsInterpreter.exists() and ${label('CLINAST')})`,
      words: 'must name who signed it, and be asserted by them, once it is final or amended',
      key: 'wr-rep-2',
    },
    {
      at: '',
      names: 'resultsInterpreter',
      test: "status = 'preliminary' implies resultsInterpreter.empty()",
      words: 'must not name anybody before it is signed',
      key: 'wr-rep-3',
    },
    { at: '', names: 'category', test: RADIOLOGY, words: 'must hold LOINC LP29684-5 (Radiology)' },
    ...['subject', 'issued', 'imagingStudy', 'result', 'conclusion', 'presentedForm'].map(there),
  ]),
  own('ai-finding', 'Observation', [
    {
      at: '',
      names: 'meta.security',
      test: `status = 'preliminary' implies ${label('AIAST')}`,
      words: 'must be labelled as AI asserted until it is signed',
      key: 'wr-fin-1',
    },
    { at: '', names: 'value', test: 'value.ofType(CodeableConcept).exists()', words: 'must be a verdict (CodeableConcept)' },
    {
      at: '',
      names: 'component',
      test: `component.where(code.coding.where(system = '${MEASURES}' and code = 'probability').exists()).exists()`,
      words: 'must hold the probability by the model',
    },
    {
      at: 'component',
      test: `code.coding.where(code = 'probability').empty() or (value.ofType(Quantity).value >= 0 and value.ofType(Quantity).value <= 1)`,
      words: 'must be a probability, 0 to 1',
    },
    {
      at: '',
      names: 'value',
      test: `${CONFIDENCE}.exists() implies ${CONFIDENCE}.value.all($this is decimal and $this >= 0 and $this <= 1)`,
      words: 'must say the confidence in the verdict, if it does, as a probability, 0 to 1 (HL7 AI Transparency, AIconfidence)',
      key: 'wr-fin-2',
    },
    {
      at: '',
      names: 'component',
      test: `${label('CLINAST')} implies component.all(extension.where(value.ofType(Coding).code = 'AIAST').exists())`,
      words: "must be labelled as AI asserted one by one where a person asserts the finding: they stay the model's",
      key: 'wr-fin-3',
    },
    { at: 'derivedFrom', refersTo: ['ImagingStudy'], words: 'must refer to the study that was read' },
    TRACKED,
    ...['category', 'subject', 'issued', 'device', 'derivedFrom', 'method'].map(there),
  ]),
  own('image-quality', 'Observation', [
    {
      at: '',
      names: 'code',
      test: `code.coding.where(system = '${MEASURES}' and code = 'image-quality').exists()`,
      words: 'must be the image quality score',
    },
    {
      at: '',
      names: 'value',
      test: 'value.ofType(integer).exists() and value.ofType(integer) >= 0 and value.ofType(integer) <= 100',
      words: 'must be a score, 0 to 100',
    },
    { at: '', names: 'meta.security', test: label('AIAST'), words: 'must be labelled as AI asserted' },
    TRACKED,
    ...['subject', 'device', 'derivedFrom', 'component'].map(there),
  ]),
  own('ai-model', 'Device', [
    {
      at: '',
      names: 'type',
      test: "type.coding.where(code = 'Artificial-Intelligence').exists()",
      words: 'must be Artificial-Intelligence (HL7 AI Transparency)',
    },
    {
      at: '',
      names: 'identifier',
      test: "identifier.where(system = 'urn:wetread:model-sha256' and value.matches('^[0-9a-f]{64}$')).exists()",
      words: "must hold the SHA-256 of the model's bytes",
    },
    {
      at: '',
      names: 'property',
      test: "property.where(type.coding.where(code = 'not-for-clinical-use').exists()).valueCode.exists()",
      words: 'must say whether it is for clinical use',
    },
    {
      at: '',
      names: 'extension',
      test: `extension.where(url = '${AI}/StructureDefinition/aitransparency.modelCardDescription').value.ofType(Reference).reference.exists()`,
      words: 'must refer to the model card (HL7 AI Transparency, modelCardDescription)',
    },
    ...['manufacturer', 'version', 'note'].map(there),
  ]),
  own('model-card', 'DocumentReference', [
    {
      at: '',
      names: 'type',
      test: "type.coding.where(code = 'AIModelCard').exists() and type.coding.count() = 1",
      words: 'must be AIModelCard and nothing else (HL7 AI Transparency)',
    },
    {
      at: '',
      names: 'category',
      test: "category.coding.where(code = 'AIModelCardMarkdownFormat').exists()",
      words: 'must say in which form the card is',
    },
    {
      at: '',
      names: 'content',
      test: "content.attachment.where(contentType = 'text/markdown' and data.exists()).exists()",
      words: 'must hold the card in Markdown',
    },
    there('identifier'),
  ]),
  own('ai-provenance', 'Provenance', [
    { at: '', names: 'meta.security', test: label('AIAST'), words: 'must be labelled as AI asserted' },
    {
      at: '',
      names: 'agent',
      test: "agent.where(type.coding.where(code = 'author').exists() and who.reference.matches('(^|/)Device/')).exists()",
      words: 'must name the AI model as author',
    },
    {
      at: '',
      names: 'agent',
      test: "agent.where(role.coding.where(code = 'Artificial-Intelligence').exists()).exists()",
      words: 'must say that an agent is an AI (HL7 AI Transparency)',
    },
    {
      at: '',
      names: 'entity',
      test: "entity.where(what.reference.matches('(^|/)DocumentReference/')).exists()",
      words: 'must name the model card',
    },
    { at: '', names: 'entity', test: "entity.where(role = 'derivation').exists()", words: 'must name the study that was read' },
  ]),
  own('review', 'Provenance', [
    {
      at: '',
      names: 'agent',
      test: "agent.where(type.coding.where(code = 'verifier').exists() and who.reference.matches('(^|/)Practitioner(Role)?/')).exists()",
      words: 'must name a human verifier',
      key: 'wr-rev-1',
    },
    { at: '', names: 'entity', test: "entity.where(role = 'revision').exists()", words: 'must name the version that was reviewed' },
    { at: 'target', test: "reference.matches('/_history/[0-9]+$')", words: 'must refer to the version that was signed' },
    there('signature'),
  ]),
];
