import { transferSyntax } from '../dicom/transfer-syntaxes.js';
import type { ModelCard } from './model-card.js';

/** What an instance says of itself; undefined where the attribute is absent or empty. */
export interface InstanceAttributes {
  readonly modality: string | undefined;
  readonly sopClassUID: string;
  readonly photometricInterpretation: string | undefined;
  readonly bodyPartExamined: string | undefined;
  readonly viewPosition: string | undefined;
  readonly numberOfFrames: number | undefined;
  readonly samplesPerPixel: number | undefined;
  readonly hasPixelData: boolean;
  readonly transferSyntaxUID?: string;
}

export type WhyNotRead =
  | 'no-pixel-data'
  | 'attribute-absent'
  | 'modality'
  | 'sop-class'
  | 'photometric-interpretation'
  | 'samples-per-pixel'
  | 'body-part'
  | 'view-position'
  | 'video-codec'
  | 'number-of-frames';

export type Selection =
  { readonly reads: true } | { readonly reads: false; readonly why: { readonly code: WhyNotRead; readonly text: string } };

/** Modality (0008,0060): defined terms (PS3.3 C.7.3.1.1.1). */
const MODALITIES = new Set(
  `ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DMS DG DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT IVUS
  KER KO LEN LS M3D MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE
  RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA XAPROTOCOL
  XC`.split(/\s+/),
);

/** View Position (0018,5101) of projection X-rays and of mammography (PS3.3 C.8.7.1, CR; PS3.16 CID 4010, 4014). */
const VIEW_POSITIONS = new Set('AP PA LL RL RLD LLD RLO LLO LAT LATERAL CC MLO ML LM LMO XCCL XCCM FB SIO ISO CV AT'.split(' '));

/** Photometric Interpretation (0028,0004; PS3.3 C.7.6.3.1.2). */
const PHOTOMETRIC_INTERPRETATIONS = new Set(
  ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR', 'RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_PARTIAL_422'].concat([
    'YBR_PARTIAL_420',
    'YBR_ICT',
    'YBR_RCT',
    'XYB',
    'HSV',
    'ARGB',
    'CMYK',
  ]),
);

/**
 * Whether a model reads an instance, by its card: every rule must hold; a rule that lists nothing always does, and so
 * does one on an attribute that is absent, unless the card requires it. The words hold no PHI: a value is repeated only
 * where it is a term of the standard, as the attributes are free for anything a machine or a person typed.
 */
export function select({ input }: Pick<ModelCard, 'input'>, instance: InstanceAttributes): Selection {
  if (!instance.hasPixelData) return no('no-pixel-data', 'there is no pixel data');
  const modality = codeString(instance.modality);
  const bodyPart = codeString(instance.bodyPartExamined);
  const viewPosition = codeString(instance.viewPosition);
  const photometricInterpretation = codeString(instance.photometricInterpretation);
  const { numberOfFrames = 1, samplesPerPixel = 1 } = instance;

  if (breaks(input.modalities, modality))
    return no('modality', `${named('modality', modality, MODALITIES)} is not ${or(input.modalities)}`);
  if (breaks(input.sopClassUIDs, instance.sopClassUID.trim())) return no('sop-class', 'the SOP class is not one that the model reads');
  if (breaks(input.bodyParts, bodyPart)) return no('body-part', `the body part is not ${or(input.bodyParts)}`);
  if (breaks(input.viewPositions, viewPosition))
    return no('view-position', `${named('view position', viewPosition, VIEW_POSITIONS)} is not ${or(input.viewPositions)}`);
  if (breaks(input.photometricInterpretations, photometricInterpretation)) {
    const given = named('photometric interpretation', photometricInterpretation, PHOTOMETRIC_INTERPRETATIONS);
    return no('photometric-interpretation', `${given} is not ${or(input.photometricInterpretations)}`);
  }
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3)
    return no('samples-per-pixel', `${samplesPerPixel} samples per pixel are neither 1 nor 3`);
  const syntax = transferSyntax(instance.transferSyntaxUID ?? '');
  if (syntax?.video) return no('video-codec', `the frames are one video stream (${syntax.name}), which this server does not decode`);
  if (numberOfFrames > input.maximumFrames) return no('number-of-frames', `${numberOfFrames} frames are more than ${input.maximumFrames}`);
  // Last: what is there and wrong says more than what is not there.
  const present = new Map([
    ['Modality', modality],
    ['BodyPartExamined', bodyPart],
    ['ViewPosition', viewPosition],
  ]);
  const absent = input.required.find((keyword) => present.get(keyword) === undefined);
  if (absent !== undefined) return no('attribute-absent', `${NAMES[absent] ?? absent} is absent`);
  return { reads: true };
}

const NAMES: Readonly<Record<string, string>> = {
  Modality: 'modality',
  BodyPartExamined: 'body part examined',
  ViewPosition: 'view position',
};

const no = (code: WhyNotRead, text: string): Selection => ({ reads: false, why: { code, text } });

/** Writers pad and do not always keep to CS's upper case; an empty value is an absent one (PS3.5 7.4). */
const codeString = (value: string | undefined): string | undefined => value?.trim().toUpperCase() || undefined;

const breaks = (allowed: readonly string[], value: string | undefined): boolean =>
  allowed.length > 0 && value !== undefined && !allowed.includes(value);

const named = (what: string, value: string | undefined, terms: ReadonlySet<string>): string =>
  value !== undefined && terms.has(value) ? `${what} ${value}` : `the ${what}`;

/** `CR`, `CR or DX`, `CR, DX or MG` */
const or = (terms: readonly string[]): string =>
  terms.length < 2 ? terms.join('') : `${terms.slice(0, -1).join(', ')} or ${terms[terms.length - 1]}`;
