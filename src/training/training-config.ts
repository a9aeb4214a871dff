import type { ModelCard, ModelClass, ModelPreparation } from '../inference/model-card.js';
import type { AugmentationSettings } from './augmentation/settings.js';
import type { FitSettings } from './fit/fit.js';
import type { Teaching } from './step/step-graph.js';
import type { BackboneForm } from './networks/backbone.js';

/** Where pictures and labels come from. `classes`: the set's own labels, in the order of the card's classes, which they must have. */
export type DataSource =
  /** `SPLIT.json` and `SPLIT.tar` of PNG or JPEG files (readImageSet). `patientID`: what of a file's name is its Patient ID, as a regular expression. */
  | { readonly kind: 'images'; readonly folder: string; readonly classes: readonly string[]; readonly patientID?: string }
  /** `SPLIT.json` and `SPLIT.hu.i16` of CT slices (readHounsfieldSet). */
  | { readonly kind: 'hounsfield'; readonly folder: string; readonly classes: readonly string[] }
  /** `SPLIT.csv` or `SPLIT/LABEL/` of PNG or JPEG files (readFolderSet). */
  | { readonly kind: 'folder'; readonly folder: string }
  /** `SPLIT.csv` of studies, fetched by QIDO-RS and WADO-RS (readDicomwebSet). */
  | { readonly kind: 'dicomweb'; readonly folder: string; readonly url: string };

/** What the trainer adds to it is left out: a card's static part. */
export type CardTemplate = Pick<
  ModelCard,
  'title' | 'manufacturer' | 'licence' | 'intendedUse' | 'limitations' | 'notForClinicalUse' | 'input'
> & {
  readonly classes: readonly Omit<ModelClass, 'operatingThreshold' | 'referralThreshold'>[];
  readonly training: Pick<ModelCard['training'], 'dataset' | 'citation' | 'licence' | 'split'>;
};

/** `models/NAME/training.json`: all that decides what the trainer makes. */
export interface TrainingConfig {
  readonly name: string;
  readonly version: string;
  readonly seed: number;
  readonly data: DataSource;
  /** Share of the patients of `train` that serve as validation where the set has no `val`; 0 where it has one. */
  readonly validationShare: number;
  readonly preparation: ModelPreparation;
  readonly network: {
    readonly backbone: BackboneForm;
    readonly dropout: number;
    /** Networks trained one after the other, by seeds of their own: a deep ensemble. */
    readonly members: number;
    /** A safetensors file whose weights the backbone starts from, named as torchvision's; beside the configuration. */
    readonly pretrained?: string;
  };
  readonly fit: Omit<FitSettings, 'augmentation'> & { readonly augmentation: Partial<AugmentationSettings> };
  /** What the training pictures teach beside their class. */
  readonly teaching: {
    /** `regions`: the attention map is taught where the finding lies, where the set says so. */
    readonly of: Teaching;
    /** An attribute of the data whose values the insights are taught to tell apart, in place of the classes. */
    readonly insights?: string;
  };
  /** Of two classes: the operating threshold is the highest that finds this share of the second class on validation. */
  readonly sensitivity: { readonly operating: number; readonly referral: number };
  readonly evaluation: {
    /** An attribute of the data by which test cases are reported apart, and a name for each of its values. */
    readonly parts?: { readonly attribute: string; readonly values: Readonly<Record<string, string>> };
    readonly subgroups: readonly string[];
    /** Other sets of pictures, in the folder of the data, that the model should know it was not made for. */
    readonly outOfDistribution: readonly string[];
  };
  readonly card: CardTemplate;
}
