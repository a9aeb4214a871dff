import { Field, InputType, registerEnumType } from '@nestjs/graphql';
import {
  DECISION_IMPACTS,
  DEVICE_FUNCTIONS,
  HARM_SEVERITIES,
  MDR_CLASSES,
  MONITORINGS,
  SIGNIFICANCES,
  SITUATIONS,
  type DecisionImpact,
  type DeviceFacts,
  type DeviceFunction,
  type HarmSeverity,
  type HealthcareSituation,
  type MdrClass,
  type Monitoring,
  type Significance,
} from '../../evidence/classification/device-facts.js';
import { FACT_WORDS } from '../../evidence/regulatory/types/device-facts.js';
import { namesOf } from './enum-names.js';

/** Words of a fact as an enum of the graph. */
function factEnum<Word extends string>(name: string, fact: keyof DeviceFacts, words: readonly Word[]): Readonly<Record<string, Word>> {
  const { names, described } = namesOf(words);
  registerEnumType(names, { name, description: FACT_WORDS[fact], valuesMap: described((word) => `\`${word}\` of REST`) });
  return names;
}

const FUNCTION = factEnum('DeviceFunction', 'function', DEVICE_FUNCTIONS);
const SITUATION = factEnum('HealthcareSituation', 'situation', SITUATIONS);
const SIGNIFICANCE = factEnum('InformationSignificance', 'significance', SIGNIFICANCES);
const IMPACT = factEnum('DecisionImpact', 'decisionImpact', DECISION_IMPACTS);
const MONITORING = factEnum('PhysiologicalMonitoring', 'monitoring', MONITORINGS);
const SEVERITY = factEnum('HarmSeverity', 'harmSeverity', HARM_SEVERITIES);
const MDR_CLASS = factEnum('MdrClass', 'drivesDeviceClass', MDR_CLASSES);

/** What `classify` takes; of an absent fact null stands too. */
type GivenFacts = { readonly [K in keyof DeviceFacts]: DeviceFacts[K] | (undefined extends DeviceFacts[K] ? null : never) };

@InputType('DeviceFactsInput', { description: 'What a manufacturer states of a device, and nothing that follows from it' })
export class DeviceFactsInput implements GivenFacts {
  @Field({ description: FACT_WORDS.medicalPurpose })
  readonly medicalPurpose!: boolean;

  @Field(() => FUNCTION, { description: FACT_WORDS.function })
  readonly function!: DeviceFunction;

  @Field({ description: FACT_WORDS.analysesImageOrSignal })
  readonly analysesImageOrSignal!: boolean;

  @Field(() => SITUATION, { nullable: true, description: FACT_WORDS.situation })
  readonly situation?: HealthcareSituation | null;

  @Field(() => SIGNIFICANCE, { nullable: true, description: FACT_WORDS.significance })
  readonly significance?: Significance | null;

  @Field({ description: FACT_WORDS.decisionInformation })
  readonly decisionInformation!: boolean;

  @Field(() => IMPACT, { nullable: true, description: FACT_WORDS.decisionImpact })
  readonly decisionImpact?: DecisionImpact | null;

  @Field(() => MONITORING, { description: FACT_WORDS.monitoring })
  readonly monitoring!: Monitoring;

  @Field(() => MDR_CLASS, { nullable: true, description: FACT_WORDS.drivesDeviceClass })
  readonly drivesDeviceClass?: MdrClass | null;

  @Field({ description: FACT_WORDS.closedLoopTherapy })
  readonly closedLoopTherapy!: boolean;

  @Field({ description: FACT_WORDS.hazardousSituationPossible })
  readonly hazardousSituationPossible!: boolean;

  @Field({ description: FACT_WORDS.unacceptableAfterExternalControls })
  readonly unacceptableAfterExternalControls!: boolean;

  @Field(() => SEVERITY, { description: FACT_WORDS.harmSeverity })
  readonly harmSeverity!: HarmSeverity;

  @Field({ description: FACT_WORDS.probableDeathOrSeriousInjuryBeforeControls })
  readonly probableDeathOrSeriousInjuryBeforeControls!: boolean;

  @Field({ description: FACT_WORDS.combinationProduct })
  readonly combinationProduct!: boolean;

  @Field({ description: FACT_WORDS.predicate })
  readonly predicate!: boolean;

  @Field({ description: FACT_WORDS.highRiskBeyondSpecialControls })
  readonly highRiskBeyondSpecialControls!: boolean;

  @Field({ description: FACT_WORDS.professionalUser })
  readonly professionalUser!: boolean;

  @Field({ description: FACT_WORDS.basisReviewable })
  readonly basisReviewable!: boolean;

  @Field({ description: FACT_WORDS.timeCritical })
  readonly timeCritical!: boolean;

  @Field({ description: FACT_WORDS.onlyMedicalInformation })
  readonly onlyMedicalInformation!: boolean;

  @Field({ description: FACT_WORDS.ai })
  readonly ai!: boolean;
}
