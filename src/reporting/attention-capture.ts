import { derivedUid } from '../dicom/derived-uid.js';
import { firstText, tag, type DicomJson, type Tag } from '../dicom/dicom-json.js';
import type { ImageReading } from '../inference/reading.js';
import { overlayAttention, type DisplayImage } from './attention-overlay.js';
import { codeItem } from './coded-concept.js';
import { dataElements, line } from './data-elements.js';
import { contentTime, derivedInstance, imageReference } from './derived-instance.js';
import type { PreliminaryReport } from './preliminary-report.js';

/** The image that a map is laid over. */
export interface CaptureSource {
  /** The source instance's data set. */
  readonly dataset: DicomJson;
  /** The frame as rendered, neither turned nor mirrored. */
  readonly display: DisplayImage;
}

/** A Secondary Capture and its Pixel Data (RGB, 8 bits, by pixel), as writePart10 takes them. */
export interface AttentionCapture {
  readonly dataset: DicomJson;
  readonly pixelData: Uint8Array;
}

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const SERIES_NUMBER = 9902;
/** Longest ST (PS3.5 6.2). */
const LONGEST_SHORT_TEXT = 1024;

const BODY_PART_EXAMINED = tag(0x0018, 0x0015);
const LATERALITY = tag(0x0020, 0x0060);
const IMAGE_LATERALITY = tag(0x0020, 0x0062);
const PATIENT_ORIENTATION = tag(0x0020, 0x0020);

/**
 * What holds for the source holds for a picture of it: body part, side and orientation; and, since its pixels are shown,
 * that they were compressed with loss once (PS3.3 C.7.6.1.1.5), that text or a face may be in them.
 */
const AS_THE_SOURCE: readonly Tag[] = [
  BODY_PART_EXAMINED,
  LATERALITY,
  IMAGE_LATERALITY,
  tag(0x0018, 0x5101), // View Position
  tag(0x0028, 0x0301), // Burned In Annotation: no text is added, but the source may hold some
  tag(0x0028, 0x0302), // Recognizable Visual Features
  tag(0x0028, 0x2110), // Lossy Image Compression, its ratio and method
  tag(0x0028, 0x2112),
  tag(0x0028, 0x2114),
];

/**
 * The attention map of one image as a Secondary Capture (PS3.3 A.8.1) that any viewer shows: the image in grey or
 * colour, the map over it, a colour bar beside it. The same report, version and image always give the same instance.
 * @returns undefined where the reading has no attention map
 */
export function attentionCapture(report: PreliminaryReport, image: ImageReading, source: CaptureSource): AttentionCapture | undefined {
  if (!image.attentionMap) return undefined;
  const { bytes, rows, columns } = overlayAttention(source.display, image.attentionMap);
  const dataset = {
    ...derivedInstance(report),
    ...asTheSource(source.dataset),
    ...series(report, image),
    ...derivation(report, image),
    ...pixels(rows, columns),
  };
  return { dataset, pixelData: bytes };
}

/** Type 2C: an empty value says "not known". Laterality may be empty only where it may be needed: no body part is named (C.7.3.1). */
function asTheSource(dataset: DicomJson): DicomJson {
  const isNamed = (at: Tag) => firstText(dataset, at) !== undefined;
  return {
    [PATIENT_ORIENTATION]: dataset[PATIENT_ORIENTATION] ?? { vr: 'CS' },
    ...([BODY_PART_EXAMINED, LATERALITY, IMAGE_LATERALITY].some(isNamed) ? {} : { [LATERALITY]: { vr: 'CS' } }),
    ...Object.fromEntries(AS_THE_SOURCE.filter(isNamed).map((at) => [at, dataset[at]])),
  };
}

/** SOP Common, General Series, SC Equipment (PS3.3 C.12.1, C.7.3.1, C.8.6.1). */
function series(report: PreliminaryReport, image: ImageReading): DicomJson {
  const isSame = (one: ImageReading) => one.sopInstanceUID === image.sopInstanceUID && one.frameNumber === image.frameNumber;
  return dataElements({
    SOPClassUID: SECONDARY_CAPTURE,
    SOPInstanceUID: derivedUid('map', report.id, String(report.version), image.sopInstanceUID, String(image.frameNumber)),
    Modality: 'OT',
    SeriesInstanceUID: derivedUid('map-series', report.id),
    SeriesNumber: SERIES_NUMBER,
    SeriesDescription: 'wetread attention map (not for diagnosis)',
    InstanceNumber: report.images.findIndex(isSame) + 1,
    ConversionType: 'WSD',
  });
}

/** General Image and SC Image: what the picture was made from, how and when (PS3.3 C.7.6.1, C.8.6.2). */
function derivation(report: PreliminaryReport, image: ImageReading): DicomJson {
  const { date, time } = contentTime(report);
  return dataElements({
    ImageType: ['DERIVED', 'SECONDARY'],
    DateOfSecondaryCapture: date,
    TimeOfSecondaryCapture: time,
    SourceImageSequence: {
      ...imageReference(report, image),
      ...dataElements({
        PurposeOfReferenceCodeSequence: codeItem({ scheme: 'DCM', code: '121322', meaning: 'Source image for image processing operation' }),
      }),
    },
    DerivationDescription: derivationDescription(report),
  });
}

/** The warning comes first: what is too long is cut at its end. */
const derivationDescription = ({ model }: PreliminaryReport): string =>
  line(
    'Attention map of an AI model, not for diagnosis: per-region contribution to the output of the model, 0 to 1, in colour over the image. ' +
      `It shows what moved the model, not where disease is. Model: ${model.title} (${model.name}), version ${model.version}.`,
    LONGEST_SHORT_TEXT,
  );

/** Image Pixel (PS3.3 C.7.6.3): no Pixel Spacing, since the picture is scaled to the screen. */
const pixels = (rows: number, columns: number): DicomJson =>
  dataElements({
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
  });
