import type { ModelEvaluation } from '../../inference/card-evaluation.js';
import type { ModelCard } from '../../inference/model-card.js';

/**
 * A model's card as people read it: Markdown with the metadata of Hugging Face's model cards in front
 * (huggingface.co/docs/hub/model-cards), as HL7 AI Transparency's AIModelCardMarkdownFormat asks. All of it is the card's own.
 */
export function modelCardMarkdown(card: ModelCard): string {
  const { training } = card;
  return [
    frontMatter(card),
    `# ${line(card.title)}`,
    card.notForClinicalUse ? '**Not for clinical use.**' : '',
    `Version ${line(card.version)} of \`${card.name}\`, by ${line(card.manufacturer)}. SHA-256 of the model: \`${card.sha256}\`.`,
    section('Intended use', line(card.intendedUse)),
    section('Limitations', list(card.limitations)),
    section('What it reads', list(inputRules(card))),
    section('What it calls', list(classes(card))),
    section(
      'Training',
      list([
        `Data: ${training.dataset} (${training.licence}). ${training.citation}`,
        `Split: ${training.split}; ${training.cases} cases`,
        training.method,
      ]),
    ),
    section('Calibration', line(card.calibration)),
    section('Evaluation', list(card.evaluation.map(evaluation)) || 'None is given.'),
    section('Licence', line(card.licence)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** A string of JSON is one of YAML. */
function frontMatter({ name, version, licence, training, classes: given, input }: ModelCard): string {
  const tags = ['medical-imaging', 'dicom', 'onnx', ...input.modalities.map((one) => one.toLowerCase())];
  return [
    '---',
    `model_name: ${JSON.stringify(name)}`,
    `version: ${JSON.stringify(version)}`,
    'license: other',
    `license_name: ${JSON.stringify(licence)}`,
    'library_name: onnx',
    'pipeline_tag: image-classification',
    `tags: ${JSON.stringify(tags)}`,
    `datasets: ${JSON.stringify([training.dataset])}`,
    `labels: ${JSON.stringify(given.map(({ label }) => label))}`,
    '---',
  ].join('\n');
}

const section = (title: string, text: string): string => (text === '' ? '' : `## ${title}\n\n${text}`);
const list = (items: readonly string[]): string => items.map((item) => `- ${line(item)}`).join('\n');

/** Of a card's words no markup, and one line: they may come with any model. */
const line = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`)
    .trim();

function inputRules({ input }: ModelCard): string[] {
  const rule = (name: string, values: readonly string[]): string[] => (values.length === 0 ? [] : [`${name}: ${values.join(', ')}`]);
  return [
    ...rule('Modality', input.modalities),
    ...rule('Body Part Examined', input.bodyParts),
    ...rule('View Position', input.viewPositions),
    ...rule('SOP Class UID', input.sopClassUIDs),
    ...rule('Photometric Interpretation', input.photometricInterpretations),
    ...rule('Must be there', input.required),
  ];
}

const classes = ({ classes: given }: ModelCard): string[] =>
  given.map(({ label, kind, code, operatingThreshold, referralThreshold }) => {
    const coded = `${label} (${code.scheme} ${code.code}, ${code.display})`;
    return kind === 'finding' ? `${coded}: present from ${operatingThreshold}, second look from ${referralThreshold}` : coded;
  });

function evaluation(one: ModelEvaluation): string {
  const within = (value: number, interval: readonly [number, number] | undefined): string =>
    interval === undefined ? String(value) : `${value} (95 % ${interval[0]} to ${interval[1]})`;
  return [
    `${one.dataset}, ${one.split}: ${one.cases} cases, ${one.positives} positive`,
    `AUC ${within(one.auc, one.aucInterval)}`,
    `sensitivity ${within(one.sensitivity, one.sensitivityInterval)}`,
    `specificity ${within(one.specificity, one.specificityInterval)}`,
    ...(one.accuracy === undefined ? [] : [`accuracy ${within(one.accuracy.value, one.accuracy.interval)}`]),
    ...(one.calibrationError === undefined ? [] : [`expected calibration error ${one.calibrationError}`]),
  ].join('; ');
}
