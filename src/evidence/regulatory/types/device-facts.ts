import {
  DECISION_IMPACTS,
  DEVICE_FUNCTIONS,
  HARM_SEVERITIES,
  MDR_CLASSES,
  MONITORINGS,
  SIGNIFICANCES,
  SITUATIONS,
  type DeviceFacts,
} from '../../classification/device-facts.js';
import { objectOf, oneOf, told, truth, type Shape } from '../shape.js';

/** What each fact asks, for who answers. */
export const FACT_WORDS: Readonly<Record<keyof DeviceFacts, string>> = {
  medicalPurpose: 'The intended purpose is medical (MDR Art 2(1), FD&C 201(h))',
  function: 'What the software does, in the words by which regulations sort it',
  analysesImageOrSignal:
    'It acquires, processes or analyses a medical image, a signal of an IVD, or a pattern (FD&C 520(o)(1)(E), criterion 1)',
  situation: 'State of the healthcare situation or condition (IMDRF N12 5.2)',
  significance: 'Significance of the information to the healthcare decision (IMDRF N12 5.1)',
  decisionInformation: 'It gives information for decisions with diagnosis or therapeutic purposes (MDR Rule 11, first paragraph)',
  decisionImpact: 'Impact, reasonably likely, of a decision based on wrong information (MDR Rule 11, first paragraph)',
  monitoring: 'What it monitors of physiological processes (MDR Rule 11, second paragraph)',
  drivesDeviceClass: 'Class of a hardware device that it drives or influences the use of (MDR Annex VIII 3.3)',
  closedLoopTherapy: 'An active therapeutic device whose diagnostic function significantly determines the management (MDR Rule 22)',
  hazardousSituationPossible: 'A failure can contribute to a hazardous situation (IEC 62304 4.3 a)',
  unacceptableAfterExternalControls: 'Unacceptable risk remains after the risk controls outside the software (IEC 62304 4.3 a)',
  harmSeverity: 'How severe the possible harm is (IEC 62304 4.3 a)',
  probableDeathOrSeriousInjuryBeforeControls:
    'A failure could present a probable risk of death or serious injury, before any control (FDA, June 2023)',
  combinationProduct: 'It is part of a combination product (21 CFR 3.2(e))',
  predicate: 'A legally marketed device with the same intended use exists',
  highRiskBeyondSpecialControls: 'General and special controls together can’t assure safety and effectiveness (FD&C 513(a)(1)(C))',
  professionalUser: 'Its user is a healthcare professional (FD&C 520(o)(1)(E), criterion 3)',
  basisReviewable: 'That user can review the basis of a recommendation independently (criterion 4)',
  timeCritical: 'It is used where time is critical',
  onlyMedicalInformation: 'It displays, analyses or prints medical information only (criterion 2)',
  ai: 'It is an AI system (Regulation (EU) 2024/1689 Art 3(1))',
};

const fact = <K extends keyof DeviceFacts>(name: K, shape: Shape<Exclude<DeviceFacts[K], undefined>>) => told(FACT_WORDS[name], shape);

/** Facts that may be left out while they are not known. */
export const OPEN_FACTS = ['situation', 'significance', 'decisionImpact', 'drivesDeviceClass'] as const satisfies (keyof DeviceFacts)[];

/** What `classify` takes. */
export const DEVICE_FACTS: Shape<DeviceFacts> = objectOf<DeviceFacts>(
  {
    medicalPurpose: fact('medicalPurpose', truth),
    function: fact('function', oneOf(DEVICE_FUNCTIONS)),
    analysesImageOrSignal: fact('analysesImageOrSignal', truth),
    situation: fact('situation', oneOf(SITUATIONS)),
    significance: fact('significance', oneOf(SIGNIFICANCES)),
    decisionInformation: fact('decisionInformation', truth),
    decisionImpact: fact('decisionImpact', oneOf(DECISION_IMPACTS)),
    monitoring: fact('monitoring', oneOf(MONITORINGS)),
    drivesDeviceClass: fact('drivesDeviceClass', oneOf(MDR_CLASSES)),
    closedLoopTherapy: fact('closedLoopTherapy', truth),
    hazardousSituationPossible: fact('hazardousSituationPossible', truth),
    unacceptableAfterExternalControls: fact('unacceptableAfterExternalControls', truth),
    harmSeverity: fact('harmSeverity', oneOf(HARM_SEVERITIES)),
    probableDeathOrSeriousInjuryBeforeControls: fact('probableDeathOrSeriousInjuryBeforeControls', truth),
    combinationProduct: fact('combinationProduct', truth),
    predicate: fact('predicate', truth),
    highRiskBeyondSpecialControls: fact('highRiskBeyondSpecialControls', truth),
    professionalUser: fact('professionalUser', truth),
    basisReviewable: fact('basisReviewable', truth),
    timeCritical: fact('timeCritical', truth),
    onlyMedicalInformation: fact('onlyMedicalInformation', truth),
    ai: fact('ai', truth),
  },
  OPEN_FACTS,
);
