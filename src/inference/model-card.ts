import type { ClipPreparation } from './preparation/ultrasound/clip-preparation.js';
import type { SequenceChannel, VolumePreparation } from './preparation/volume/volume-preparation.js';

/** A code of a terminology: FHIR `system` (URI), DICOM coding scheme designator, code value and meaning. */
export interface Code {
  readonly system: string;
  readonly scheme: string;
  readonly code: string;
  readonly display: string;
}

/** What a class of the model means. */
export interface ModelClass {
  readonly label: string;
  /** `finding`: something is there; `absence`: nothing of what the model looks for is there. */
  readonly kind: 'finding' | 'absence';
  readonly code: Code;
  /** Probability from which the finding is called present, 0..1. */
  readonly operatingThreshold: number;
  /** Probability from which a second look is asked for though it is below the operating threshold, 0..1. */
  readonly referralThreshold: number;
}

/** Which instances a model reads; every rule given must hold; an attribute that is absent passes unless `required` names it. */
export interface ModelInput {
  readonly modalities: readonly string[];
  readonly sopClassUIDs: readonly string[];
  readonly photometricInterpretations: readonly string[];
  /** BodyPartExamined (0018,0015), upper case; checked where present. */
  readonly bodyParts: readonly string[];
  /** ViewPosition (0018,5101), upper case; checked where present. */
  readonly viewPositions: readonly string[];
  /** Most frames an instance may have. */
  readonly maximumFrames: number;
  /** Attributes that must be there: keywords among Modality, BodyPartExamined, ViewPosition. */
  readonly required: readonly string[];
  /** The model reads series, not instances: `images` [1, channels, slices, rows, columns]; `preparation` does not apply then. */
  readonly volume?: VolumePreparation;
  /** Beside `volume`: the MR sequences of a study that make its channels, in this order. */
  readonly sequences?: readonly SequenceChannel[];
  /** The model reads the frames of one multi-frame instance: `images` [1, frames, channels, rows, columns]; `preparation` does not apply then. */
  readonly clip?: ClipPreparation;
}

export type Normalisation = 'none' | 'z_score' | 'min_max' | 'histogram_equalization';

/** How an image is made the model's `images` [1, channels, rows, columns]. */
export interface ModelPreparation {
  readonly rows: number;
  readonly columns: number;
  readonly channels: 1 | 3;
  readonly normalisation: Normalisation;
  readonly resize: 'bilinear' | 'area';
  readonly aspect: 'stretch';
}

export interface ModelEvaluation {
  readonly dataset: string;
  readonly split: string;
  readonly cases: number;
  readonly positives: number;
  readonly auc: number;
  /** 95 % confidence interval of the AUC and how it was made. */
  readonly aucInterval: readonly [number, number];
  readonly intervalMethod: string;
  readonly sensitivity: number;
  readonly specificity: number;
}

/** `models/NAME/card.json`: everything the server must know of a model beside its graph (architecture.md, the model contract). */
export interface ModelCard {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly manufacturer: string;
  readonly licence: string;
  /** SHA-256 of `VERSION/model.onnx`, 64 lower-case hex digits. */
  readonly sha256: string;
  readonly opset: number;
  readonly intendedUse: string;
  readonly limitations: readonly string[];
  /** True until a regulator says otherwise; reports repeat it. */
  readonly notForClinicalUse: boolean;
  readonly input: ModelInput;
  readonly preparation: ModelPreparation;
  /** How probabilities come from logits where the graph gives none. */
  readonly activation: 'softmax' | 'sigmoid';
  readonly classes: readonly ModelClass[];
  readonly calibration: string;
  readonly training: {
    readonly dataset: string;
    readonly citation: string;
    readonly licence: string;
    readonly split: string;
    readonly cases: number;
    readonly method: string;
  };
  readonly evaluation: readonly ModelEvaluation[];
}
