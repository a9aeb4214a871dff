import type { MapEvaluation, ModelEvaluation, UncertaintyEvaluation } from './card-evaluation.js';
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

/**
 * Which grey values a model is given, before normalisation. Colour is always 0..1 between its own minimum and maximum.
 * - `image`: 0..1 as the image says it is to be shown: its window, else its VOI LUT, else its own minimum and maximum. A linear
 *   window is centre ± width / 2 (`exact`), or as PS3.3 C.11.2.1.2.1 has it (`linear`). Of several windows it is the first, or
 *   the one that Window Center & Width Explanation (0028,1055) names so; an image without that name is not read.
 * - `windows`: 0..1 through each of these windows, a channel each, in the unit of the Modality LUT (HU for CT).
 * - `modality`: after the Modality LUT, as they are (HU for CT).
 */
export type GreyValues =
  | { readonly from: 'image'; readonly form: WindowForm; readonly explanation?: string }
  | { readonly from: 'windows'; readonly form: WindowForm; readonly windows: readonly CardWindow[] }
  | { readonly from: 'modality' };

/** `exact`: centre ± width / 2, width above 0; `linear`: DICOM's LINEAR, width at least 1. */
export type WindowForm = 'exact' | 'linear';

export interface CardWindow {
  readonly windowCenter: number;
  readonly windowWidth: number;
}

/**
 * How an image is made the model's `images` [1, channels, rows, columns]: grey values, clipped, normalised and resized (in
 * the order that the card says), scaled, laid into the input. What is absent is not done, or is what is called the default.
 */
export interface ModelPreparation {
  /** 512 where the card says nothing. */
  readonly rows: number;
  readonly columns: number;
  /** 1, 3, or as many as `values` has windows; grey of one plane is repeated for 3. */
  readonly channels: number;
  /** Default: from the image, form `exact`. */
  readonly values?: GreyValues;
  /** Clips to these percentiles of the picture, 0..100, the lower first (numpy.percentile, `linear`), before normalisation. */
  readonly clipPercentiles?: readonly [number, number];
  readonly normalisation: Normalisation;
  /** Default: normalised at full resolution, then resized. */
  readonly order?: 'normalise-then-resize' | 'resize-then-normalise';
  readonly resize: 'bilinear' | 'area' | 'cubic';
  /** `keep`: the picture keeps its shape and lies in the middle. */
  readonly aspect: 'stretch' | 'keep';
  /** (x − mean) / deviation for each channel, after normalisation and resizing. */
  readonly scale?: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  /** What the input holds beside a picture that keeps its shape, as the model gets it; default 0. */
  readonly padding?: number;
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
  /** From which `input_distance` of the graph on an image is unlike those that the model was trained on. */
  readonly inputDistanceLimit?: number;
  /** How probabilities come from logits where the graph gives none. */
  readonly activation: 'softmax' | 'sigmoid';
  readonly classes: readonly ModelClass[];
  readonly calibration: string;
  readonly training: ModelTraining;
  readonly evaluation: readonly ModelEvaluation[];
  /** Which number asks for a second look, and what each is worth. */
  readonly uncertainty?: UncertaintyEvaluation;
  readonly explanations?: readonly MapEvaluation[];
}

/** What a model was made from, and how. */
export interface ModelTraining {
  readonly dataset: string;
  readonly citation: string;
  readonly licence: string;
  readonly split: string;
  readonly cases: number;
  readonly method: string;
  /** The same seed on the same kind of processor gives the same weights. */
  readonly seed?: number;
  /** Wall clock of training, and on what. */
  readonly seconds?: number;
  readonly machine?: string;
  /** What the graph was made of: each network's epochs, the one kept and its AUC on validation, and what its logits are divided by. */
  readonly fitted?: FittedFacts;
  /** How often the test cases have been evaluated for models of this name. More than once: its figures may be optimistic. */
  readonly testEvaluations?: number;
  /** What it was trained and tuned on, picture by picture, as hashes. */
  readonly manifest?: ManifestReference;
}

/** A file beside model.onnx, by its bytes (evidence/datasets/training-manifest.ts says what is in it). */
export interface ManifestReference {
  readonly file: string;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** Pictures that it names. */
  readonly entries: number;
}

export interface FittedFacts {
  readonly temperature: number;
  readonly networks: readonly { readonly epochs: number; readonly chosen: number; readonly auc: number }[];
}
