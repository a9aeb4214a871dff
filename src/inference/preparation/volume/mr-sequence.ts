import { allTexts, firstNumber, firstText, items, tag, type DicomJson, type Tag } from '../../../dicom/dicom-json.js';
import { functionalGroup } from '../../../dicom/frame-transforms.js';
import { weightingsAllowed, type SequenceParameters } from './sequence-parameters.js';
import { sequenceWords, type MrSequence, type SequenceWords } from './sequence-words.js';

/** What of a series' header tells its sequence. */
export interface SequenceAttributes extends SequenceParameters {
  /** Series Description and Protocol Name; not repeated in any answer. */
  readonly seriesDescription: string;
  readonly protocolName: string;
  readonly imageType: readonly string[];
  /** Contrast/Bolus Agent (0018,0010) or its sequence says that one was given. */
  readonly contrastAgent: boolean;
}

/** `contradictory`: words and parameters say different things, so that neither is believed; `claimed` is what the words say. */
export type SequenceVerdict =
  | { readonly kind: 'sequence'; readonly sequence: MrSequence }
  | { readonly kind: 'contradictory'; readonly claimed: MrSequence }
  | { readonly kind: 'unknown' };

/** Agents typed where none was given. */
const NO_AGENT = /^(no|non|none|nein|ohne|without|keine?s?|sans|senza|sin|nil|n ?\/ ?a|0|-+)$/i;

/** Values of Image Type from the third on that leave no T1, T2 or FLAIR; MOSAIC is many slices in one frame (Siemens). */
const NO_SEQUENCE = new Set(['PERFUSION', 'PROJECTION IMAGE', 'MIP', 'MOSAIC', 'SUB', 'P', 'PHASE', 'T2_STAR', 'LOCALIZER']);

const SCANNING_SEQUENCE = tag(0x0018, 0x0020);
/** Macros of an enhanced object (PS3.3 C.8.13.5.2, .4, .5), read of its first frame. */
const MR_TIMING = tag(0x0018, 0x9112);
const MR_ECHO = tag(0x0018, 0x9114);
const MR_MODIFIER = tag(0x0018, 0x9115);

/** Reads the attributes from one instance of a series (MR Image module, PS3.3 C.8.3.1; Contrast/Bolus, C.7.6.4). */
export function sequenceAttributes(dataset: DicomJson): SequenceAttributes {
  const text = (group: number, element: number): string => firstText(dataset, tag(group, element))?.trim() ?? '';
  const number = (group: number, element: number) => firstNumber(dataset, tag(group, element));
  const texts = (group: number, element: number) => allTexts(dataset, tag(group, element)).map((value) => value.trim().toUpperCase());
  const macro = (at: Tag): DicomJson => functionalGroup(dataset, 1, at) ?? {};
  const agent = text(0x0018, 0x0010);
  return {
    seriesDescription: text(0x0008, 0x103e),
    protocolName: text(0x0018, 0x1030),
    imageType: texts(0x0008, 0x0008),
    echoTime: number(0x0018, 0x0081) ?? firstNumber(macro(MR_ECHO), tag(0x0018, 0x9082)),
    repetitionTime: number(0x0018, 0x0080) ?? firstNumber(macro(MR_TIMING), tag(0x0018, 0x0080)),
    inversionTime: number(0x0018, 0x0082) ?? firstNumber(macro(MR_MODIFIER), tag(0x0018, 0x9079)),
    scanningSequence: dataset[SCANNING_SEQUENCE] ? texts(0x0018, 0x0020) : enhancedSequence(dataset, macro(MR_MODIFIER)),
    acquisitionContrast: texts(0x0008, 0x9209).at(0),
    contrastAgent: (agent !== '' && !NO_AGENT.test(agent)) || items(dataset, tag(0x0018, 0x0012)).length > 0,
  };
}

/** Scanning Sequence as an enhanced object says it (MR Pulse Sequence, PS3.3 C.8.13.4; MR Modifier, C.8.13.5.5). */
function enhancedSequence(dataset: DicomJson, modifier: DicomJson): string[] {
  const says = (from: DicomJson, element: number, ...values: string[]): boolean =>
    values.includes(firstText(from, tag(0x0018, element))?.trim().toUpperCase() ?? '');
  return [
    ...(says(dataset, 0x9008, 'SPIN', 'BOTH') ? ['SE'] : []),
    ...(says(dataset, 0x9008, 'GRADIENT', 'BOTH') ? ['GR'] : []),
    ...(says(dataset, 0x9018, 'YES') ? ['EP'] : []),
    ...(says(modifier, 0x9009, 'YES') ? ['IR'] : []),
  ];
}

/**
 * Which sequence a series is. The image type first, where it names a derived map; then the words of the description, or of the
 * protocol where the description has none, held against the parameters; where there are no words, the parameters, if they
 * leave one weighting. T1 is T1c where words or agent say so; words that deny the agent in the header contradict it.
 */
export function mrSequence(attributes: SequenceAttributes): SequenceVerdict {
  const derived = derivedMap(attributes.imageType);
  if (derived !== undefined) return { kind: 'sequence', sequence: derived };
  const { weighting, contrast } = wordsOf(attributes);
  const allowed = weightingsAllowed(attributes);
  const single = allowed?.size === 1 ? [...allowed][0] : undefined;
  const found = weighting ?? single;
  if (found === undefined) return { kind: 'unknown' };
  const sequence = found === 'T1' && (contrast ?? attributes.contrastAgent) ? 'T1c' : found;
  if (found === 'DWI' || found === 'ADC' || found === 'other') return { kind: 'sequence', sequence };
  const denied = found === 'T1' && contrast === false && attributes.contrastAgent;
  return denied || allowed?.has(found) === false ? { kind: 'contradictory', claimed: sequence } : { kind: 'sequence', sequence };
}

function derivedMap(imageType: readonly string[]): MrSequence | undefined {
  if (imageType.includes('ADC')) return 'ADC';
  if (imageType.some((value) => ['DIFFUSION', 'TRACEW'].includes(value))) return 'DWI';
  return imageType.slice(2).some((value) => NO_SEQUENCE.has(value)) ? 'other' : undefined;
}

function wordsOf({ seriesDescription, protocolName }: SequenceAttributes): SequenceWords {
  const described = sequenceWords(seriesDescription);
  return described.weighting === undefined && described.contrast === undefined ? sequenceWords(protocolName) : described;
}
