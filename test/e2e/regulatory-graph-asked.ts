/** Of a device's facts, as the graph writes them. */
const FACTS = `{ medicalPurpose: true, function: DETECTION, analysesImageOrSignal: true, decisionInformation: true, monitoring: NONE,
  closedLoopTherapy: false, hazardousSituationPossible: true, unacceptableAfterExternalControls: true, harmSeverity: NON_SERIOUS,
  probableDeathOrSeriousInjuryBeforeControls: false, combinationProduct: false, predicate: true, highRiskBeyondSpecialControls: false,
  professionalUser: true, basisReviewable: true, timeCritical: false, onlyMedicalInformation: false, ai: true }`;

/** What the fields of the regulatory file are asked with; nothing is written by it. */
export const REGULATORY: Readonly<Record<string, string>> = {
  classify: `(facts: ${FACTS})`,
  regulatoryRecord: '(type: DEVICE, id: "none")',
  regulatoryRecords: '(type: DEVICE)',
  addRegulatoryRecord: '(input: { type: DEVICE, content: "{}" })',
};
