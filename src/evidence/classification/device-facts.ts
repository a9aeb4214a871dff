/** What the software does, in the words by which regulations sort it. */
export const DEVICE_FUNCTIONS = [
  'storage',
  'communication',
  'image-management',
  'detection',
  'characterization-of-cancer',
  'detection-and-diagnosis',
  'triage-and-notification',
  'prioritization-of-lesions',
  'acquisition-guidance',
  'retinal-screening-autonomous',
  'autonomous-diagnosis',
  'risk-prediction',
  'physiological-monitoring',
  'decision-support-without-image',
  'administrative',
  'other',
] as const;
export type DeviceFunction = (typeof DEVICE_FUNCTIONS)[number];

/** State of the healthcare situation or condition (IMDRF/SaMD WG/N12FINAL:2014 5.2). */
export const SITUATIONS = ['critical', 'serious', 'non-serious'] as const;
export type HealthcareSituation = (typeof SITUATIONS)[number];

/** Significance of the information to the healthcare decision (IMDRF/SaMD WG/N12FINAL:2014 5.1). */
export const SIGNIFICANCES = ['treat-or-diagnose', 'drive', 'inform'] as const;
export type Significance = (typeof SIGNIFICANCES)[number];

/** Impact, reasonably likely, of a decision based on wrong information (MDR Annex VIII Rule 11, first paragraph). */
export const DECISION_IMPACTS = ['death-or-irreversible', 'serious-or-surgery', 'other'] as const;
export type DecisionImpact = (typeof DECISION_IMPACTS)[number];

/** What it monitors of physiological processes (MDR Annex VIII Rule 11, second paragraph). */
export const MONITORINGS = ['none', 'non-vital', 'vital-immediate-danger'] as const;
export type Monitoring = (typeof MONITORINGS)[number];

export const HARM_SEVERITIES = ['non-serious', 'serious-or-death'] as const;
export type HarmSeverity = (typeof HARM_SEVERITIES)[number];

/** Classes of Regulation (EU) 2017/745 Art 51(1), the lowest first. */
export const MDR_CLASSES = ['I', 'IIa', 'IIb', 'III'] as const;
export type MdrClass = (typeof MDR_CLASSES)[number];

/**
 * What a manufacturer states of a device, and nothing that follows from it: the whole input of a classification.
 * What is not known yet is left out where the field is optional; a class that depends on it then stays open.
 */
export interface DeviceFacts {
  /** The intended purpose is medical (MDR Art 2(1), FD&C 201(h)). */
  readonly medicalPurpose: boolean;
  readonly function: DeviceFunction;
  /** Acquires, processes or analyses a medical image, a signal of an IVD, or a pattern or signal (FD&C 520(o)(1)(E), criterion 1). */
  readonly analysesImageOrSignal: boolean;
  readonly situation?: HealthcareSituation;
  readonly significance?: Significance;
  /** Gives information that is used for decisions with diagnosis or therapeutic purposes (Rule 11, first paragraph). */
  readonly decisionInformation: boolean;
  readonly decisionImpact?: DecisionImpact;
  /** Monitors physiological processes (Rule 11, second paragraph). */
  readonly monitoring: Monitoring;
  /** Class of a hardware device that this software drives or influences the use of (Annex VIII 3.3). */
  readonly drivesDeviceClass?: MdrClass;
  /** Active therapeutic device with a diagnostic function that significantly determines the management (Rule 22). */
  readonly closedLoopTherapy: boolean;
  /** A failure can contribute to a hazardous situation (IEC 62304 4.3 a). */
  readonly hazardousSituationPossible: boolean;
  /** Unacceptable risk remains after the risk controls outside the software (IEC 62304 4.3 a). */
  readonly unacceptableAfterExternalControls: boolean;
  readonly harmSeverity: HarmSeverity;
  /** A failure could present a hazardous situation with a probable risk of death or serious injury, before any control. */
  readonly probableDeathOrSeriousInjuryBeforeControls: boolean;
  readonly combinationProduct: boolean;
  /** A legally marketed device with the same intended use exists. */
  readonly predicate: boolean;
  /** General and special controls together can't assure safety and effectiveness (FD&C 513(a)(1)(C)). */
  readonly highRiskBeyondSpecialControls: boolean;
  /** Its user is a healthcare professional (FD&C 520(o)(1)(E), criterion 3). */
  readonly professionalUser: boolean;
  /** That user can review the basis of a recommendation independently (criterion 4). */
  readonly basisReviewable: boolean;
  readonly timeCritical: boolean;
  /** Displays, analyses or prints medical information only (criterion 2). */
  readonly onlyMedicalInformation: boolean;
  /** An AI system (Regulation (EU) 2024/1689 Art 3(1)). */
  readonly ai: boolean;
}

/** Why a classification says what it says: the rule, where it is printed, and which facts it was answered from. */
export interface Ground {
  readonly rule: string;
  readonly citation: string;
  readonly facts: readonly (keyof DeviceFacts)[];
}
