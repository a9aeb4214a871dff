/** A share of cases with its 95 % interval (Wilson). */
export interface ShareWithInterval {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** An area under an ROC curve with its 95 % interval (DeLong); how many cases had what was to be found, and how many had not. */
export interface AreaWithInterval {
  readonly auc: number;
  readonly interval: readonly [number, number];
  readonly found: number;
  readonly others: number;
}

/** What a model did on cases that it was not made from. */
export interface ModelEvaluation {
  readonly dataset: string;
  readonly split: string;
  readonly cases: number;
  /** Of two classes: cases of the second; of more: cases that are not of the first. */
  readonly positives: number;
  /** Of two classes: of the second; of more: the mean of each against the rest. */
  readonly auc: number;
  /** 95 % confidence interval of the AUC and how it was made. */
  readonly aucInterval: readonly [number, number];
  readonly intervalMethod: string;
  /** Of two classes, at the operating threshold; of more, the mean over the classes by the greatest probability. */
  readonly sensitivity: number;
  readonly specificity: number;
  readonly sensitivityInterval?: readonly [number, number];
  readonly specificityInterval?: readonly [number, number];
  /** Of two classes, at the operating threshold; of more, by the greatest probability. */
  readonly accuracy?: ShareWithInterval;
  /** Expected calibration error in 15 bins, 0..1. */
  readonly calibrationError?: number;
  /** Of more than two classes: each against the rest, where its probability is at the operating threshold or above, as a report calls it. */
  readonly byClass?: readonly ClassEvaluation[];
  /** Row: true class; column: class called. */
  readonly confusion?: readonly (readonly number[])[];
  /** The same for parts of the cases, by what the data say of them. */
  readonly subgroups?: readonly SubgroupEvaluation[];
  /** Files called wrongly, those of the highest confidence first. */
  readonly errors?: readonly string[];
}

export interface ClassEvaluation {
  readonly label: string;
  readonly cases: number;
  readonly auc: number;
  readonly aucInterval: readonly [number, number];
  readonly sensitivity: ShareWithInterval;
  readonly specificity: ShareWithInterval;
}

export interface SubgroupEvaluation {
  readonly attribute: string;
  readonly value: string;
  readonly cases: number;
  readonly accuracy: ShareWithInterval;
  /** Absent where a class has fewer than two cases in it. */
  readonly auc?: number;
}

/** Numbers that say how far a reading can be relied on; each is higher for less. */
export const UNCERTAINTY_MEASURES = ['uncertainty', 'predictive_entropy', 'least_confidence', 'input_distance'] as const;
export type UncertaintyMeasure = (typeof UNCERTAINTY_MEASURES)[number];

export interface UncertaintyEvaluation {
  /** The measure that asks for a second look, and from which value on. */
  readonly referral: { readonly measure: UncertaintyMeasure; readonly above: number };
  readonly measures: readonly {
    readonly measure: UncertaintyMeasure;
    /** How well it puts wrong calls above right ones; absent where fewer than two calls were wrong. */
    readonly errors?: AreaWithInterval;
    /** How well it puts pictures of another kind above those of the test. */
    readonly outOfDistribution: readonly (AreaWithInterval & { readonly dataset: string })[];
  }[];
  /** Classes of at least `threshold` make a set that holds the true class in a share `coverage` of cases like validation's. */
  readonly predictionSets: {
    readonly coverage: number;
    readonly threshold: number;
    /** On the test cases. */
    readonly covered: ShareWithInterval;
    readonly meanSize: number;
  };
}

/** Maps that a model's decisions may be explained by. */
export const EXPLAINED_MAPS = ['attention_map', 'class_activation_map', 'gradient_map', 'occlusion_map'] as const;

/** Whether a map finds what the model decides by (Petsiuk et al. 2018): a good one has a low deletion and a high insertion. */
export interface MapEvaluation {
  readonly map: (typeof EXPLAINED_MAPS)[number];
  readonly cases: number;
  readonly deletion: number;
  readonly insertion: number;
  /** The same of places in random order, as many as the map has. */
  readonly random: { readonly deletion: number; readonly insertion: number };
  /** Whether the map is better than these in both, by more than 1.96 standard errors of the paired differences. */
  readonly explains: boolean;
}
