import type { ModelClass } from '../inference/model-card.js';
import { JsonPlace } from '../json-place.js';
import { InvalidModelCard } from '../inference/faults.js';
import { classMeaning, inputAt } from '../inference/read-card.js';
import { preparationAt } from '../inference/read-preparation.js';
import { DEFAULT_AUGMENTATION, type AugmentationSettings } from './augmentation/settings.js';
import { backboneFault, type BackboneForm } from './networks/backbone.js';
import type { CardTemplate, DataSource, TrainingConfig } from './training-config.js';

const MOST = 1e6;

/**
 * Reads the text of a training.json: every member there, of its type and in its range, and no member beside them.
 * @throws InvalidModelCard  naming the first place that is wrong
 */
export function readConfig(text: string): TrainingConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InvalidModelCard('', 'is not JSON');
  }
  const place = new JsonPlace(parsed, (path, problem) => new InvalidModelCard(path, problem));
  const config = place.object<TrainingConfig>({
    name: (at) => at.text(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, 63 at most'),
    version: (at) => at.text(/^[1-9]\d{0,8}$/, 'a whole number above 0, as text'),
    seed: (at) => at.whole(0, 2 ** 21 - 1),
    data: sourceAt,
    validationShare: (at) => at.number(0, 0.5),
    preparation: preparationAt,
    network: networkAt,
    fit: fitAt,
    teaching: (at) =>
      at.object<TrainingConfig['teaching']>({ of: (of) => of.oneOf(['classes', 'regions']), insights: words }, ['insights']),
    sensitivity: (at) => at.object({ operating: aboveZero, referral: aboveZero }),
    evaluation: evaluationAt,
    card: templateAt,
  });
  if (config.preparation.order !== 'resize-then-normalise' || config.preparation.aspect !== 'stretch')
    place.refuse('must prepare pictures by resizing first and stretching: training changes them between the two steps');
  if (config.preparation.values?.from === 'modality')
    place.refuse('must prepare pictures in 0..1: raw values of the modality can be changed by no augmentation');
  const { classes } = config.card;
  if (classes.length < 2) place.refuse('must have two classes at least');
  if ('classes' in config.data && config.data.classes.length !== classes.length)
    place.refuse('must name as many classes of the data as the card has');
  if (classes.length === 2 && !(classes[0].kind === 'absence' && classes[1].kind === 'finding'))
    place.refuse('must have the absence first and the finding second, of two classes: thresholds are the second one’s');
  if (config.sensitivity.referral < config.sensitivity.operating)
    place.refuse('must refer at least as many of the positives as it calls (sensitivity)');
  const unfit = backboneFault(config.network.backbone);
  if (unfit !== undefined) place.refuse(unfit);
  return config;
}

const words = (place: JsonPlace): string => place.text();
const aboveZero = (place: JsonPlace): number => place.number(0.01, 1);
const share = (place: JsonPlace): number => place.number(0, 1);
const folder = (place: JsonPlace): string => place.text(/^[\w-]+(\/[\w-]+)*$/, 'a folder within that of the data');

function pattern(place: JsonPlace): string {
  const text = place.text();
  try {
    new RegExp(text);
  } catch {
    place.refuse('must be a regular expression');
  }
  return text;
}

function sourceAt(place: JsonPlace): DataSource {
  const kind = place.member('kind').oneOf(['images', 'hounsfield', 'folder', 'dicomweb']);
  if (kind === 'dicomweb') {
    const url = (at: JsonPlace) => at.text(/^https?:\/\/\S+$/, 'an http or https address');
    return place.object<Extract<DataSource, { kind: 'dicomweb' }>>({ kind: () => kind, folder, url });
  }
  if (kind === 'folder') return place.object<Extract<DataSource, { kind: 'folder' }>>({ kind: () => kind, folder });
  const classes = (at: JsonPlace) => at.list(words);
  if (kind === 'hounsfield') return place.object<Extract<DataSource, { kind: 'hounsfield' }>>({ kind: () => kind, folder, classes });
  return place.object<Extract<DataSource, { kind: 'images' }>>({ kind: () => kind, folder, classes, patientID: pattern }, ['patientID']);
}

function networkAt(place: JsonPlace): TrainingConfig['network'] {
  return place.object<TrainingConfig['network']>(
    {
      backbone: (at) =>
        at.object<BackboneForm>(
          {
            name: words,
            width: (width) => width.whole(8, 256),
            stem: (stem) => stem.oneOf(['literature', 'compact']),
            outputStride: (stride) => stride.oneOf([16, 32]),
          },
          ['width', 'stem', 'outputStride'],
        ),
      dropout: (at) => at.number(0, 0.9),
      members: (at) => at.whole(1, 10),
      pretrained: (at) => at.text(/^[\w.-]+\.safetensors$/, 'the name of a safetensors file'),
    },
    ['pretrained'],
  );
}

/** What a configuration may leave out of `fit`. */
const DEFAULT_FIT = { rate: 1e-4, weightDecay: 1e-5, warmUpEpochs: 1, gradientLimit: 2, labelSmoothing: 0, augmentation: {} };

type GivenFit = Omit<TrainingConfig['fit'], keyof typeof DEFAULT_FIT> & Partial<TrainingConfig['fit']>;

function fitAt(place: JsonPlace): TrainingConfig['fit'] {
  const given = place.object<GivenFit>(
    {
      batch: (at) => at.whole(2, 1024),
      epochs: (at) => at.whole(1, 10_000),
      patience: (at) => at.whole(1, 10_000),
      rate: (at) => at.number(1e-8, 1),
      warmUpEpochs: (at) => at.whole(0, 1000),
      weightDecay: share,
      gradientLimit: (at) => at.number(1e-3, MOST),
      labelSmoothing: (at) => at.number(0, 0.5),
      averaging: (at) => at.number(0, 0.99999),
      augmentation: augmentationAt,
    },
    ['averaging', ...(Object.keys(DEFAULT_FIT) as (keyof typeof DEFAULT_FIT)[])], // its own keys
  );
  return { ...DEFAULT_FIT, ...given };
}

function augmentationAt(place: JsonPlace): Partial<AugmentationSettings> {
  const number = (at: JsonPlace): number => at.number(0, MOST);
  const ratio = (at: JsonPlace): number => at.number(0.1, 10);
  const rising = (at: JsonPlace, read: (of: JsonPlace) => number) => {
    const span = at.object({ probability: share, least: read, most: read });
    if (span.least > span.most) at.refuse('must have a least that is not above its most');
    return span;
  };
  const span = (at: JsonPlace) => rising(at, number);
  const ratios = (at: JsonPlace) => rising(at, ratio);
  return place.object<Partial<AugmentationSettings>>(
    {
      rotation: (at) => at.object({ probability: share, degrees: number }),
      flip: (at) => at.object({ probability: share }),
      zoom: ratios,
      stretch: ratios,
      shift: (at) => at.object({ probability: share, share }),
      elastic: (at) => at.object({ probability: share, alpha: number, sigma: (sigma) => sigma.number(0.1, MOST) }),
      blur: span,
      gamma: span,
      contrast: span,
      brightness: span,
      noise: span,
      erasing: span,
    },
    Object.keys(DEFAULT_AUGMENTATION) as (keyof AugmentationSettings)[], // its own keys
  );
}

function evaluationAt(place: JsonPlace): TrainingConfig['evaluation'] {
  return place.object<TrainingConfig['evaluation']>(
    {
      parts: (at) => at.object({ attribute: words, values: (values) => values.map(words) }),
      subgroups: (at) => at.list(words),
      outOfDistribution: (at) => at.list(folder),
    },
    ['parts'],
  );
}

function templateAt(place: JsonPlace): CardTemplate {
  return place.object<CardTemplate>({
    title: words,
    manufacturer: words,
    licence: words,
    intendedUse: words,
    limitations: (at) => at.list(words),
    notForClinicalUse: (at) => at.truth(),
    input: inputAt,
    classes: (at) => at.list((one) => one.object<Omit<ModelClass, 'operatingThreshold' | 'referralThreshold'>>(classMeaning)),
    training: (at) => at.object<CardTemplate['training']>({ dataset: words, citation: words, licence: words, split: words }),
  });
}
