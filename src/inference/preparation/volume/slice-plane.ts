import { allNumbers, allTexts, firstNumber, firstText, items, tag, type DicomJson, type Tag } from '../../../dicom/dicom-json.js';
import { functionalGroup } from '../../../dicom/frame-transforms.js';
import type { Vector } from './vector.js';

/** Where one frame lies in the patient, and what else decides whether it belongs to a volume. Absent attributes are undefined. */
export interface SlicePlane {
  /** Place of its instance in the list that the caller holds, from 0. */
  readonly instance: number;
  /** Frame number, from 1. */
  readonly frame: number;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  /** Centre of the first pixel, mm. */
  readonly imagePositionPatient: Vector | undefined;
  /** Direction along a row (column index grows), then down a column (row index grows). */
  readonly imageOrientationPatient: readonly [row: Vector, column: Vector] | undefined;
  /** mm between rows, then between columns. */
  readonly pixelSpacing: readonly [row: number, column: number] | undefined;
  /** mm */
  readonly sliceThickness: number | undefined;
  /** mm between the centres of neighbouring slices. */
  readonly spacingBetweenSlices: number | undefined;
  readonly frameOfReferenceUID: string | undefined;
  /** Image Type (0008,0008), or Frame Type (0008,9007) of an enhanced object; upper case. */
  readonly imageType: readonly string[];
  /** Degrees. */
  readonly gantryDetectorTilt: number | undefined;
  readonly rescaleSlope: number | undefined;
  readonly rescaleIntercept: number | undefined;
  /** Upper case. */
  readonly rescaleType: string | undefined;
  /** 0 unsigned, 1 two's complement. */
  readonly pixelRepresentation: number | undefined;
}

const IMAGE_TYPE = tag(0x0008, 0x0008);
const FRAME_TYPE = tag(0x0008, 0x9007);
const SLICE_THICKNESS = tag(0x0018, 0x0050);
const SPACING_BETWEEN_SLICES = tag(0x0018, 0x0088);
const GANTRY_DETECTOR_TILT = tag(0x0018, 0x1120);
const IMAGE_POSITION_PATIENT = tag(0x0020, 0x0032);
const IMAGE_ORIENTATION_PATIENT = tag(0x0020, 0x0037);
const FRAME_OF_REFERENCE_UID = tag(0x0020, 0x0052);
const NUMBER_OF_FRAMES = tag(0x0028, 0x0008);
const ROWS = tag(0x0028, 0x0010);
const COLUMNS = tag(0x0028, 0x0011);
const PIXEL_SPACING = tag(0x0028, 0x0030);
const PIXEL_REPRESENTATION = tag(0x0028, 0x0103);
const RESCALE_INTERCEPT = tag(0x0028, 0x1052);
const RESCALE_SLOPE = tag(0x0028, 0x1053);
const RESCALE_TYPE = tag(0x0028, 0x1054);
/** Macros of the functional groups (PS3.3 C.7.6.16.2.1, .3, .4, .9; C.8.15.3.1, C.8.15.3.3; C.8.13.5.1). */
const PIXEL_MEASURES = tag(0x0028, 0x9110);
const PLANE_POSITION = tag(0x0020, 0x9113);
const PLANE_ORIENTATION = tag(0x0020, 0x9116);
const PIXEL_VALUE_TRANSFORMATION = tag(0x0028, 0x9145);
const CT_ACQUISITION_DETAILS = tag(0x0018, 0x9304);
const FRAME_TYPES: readonly Tag[] = [tag(0x0018, 0x9329), tag(0x0018, 0x9226), tag(0x0018, 0x9751)]; // CT, MR, PET

/**
 * The planes of an instance, one a frame: of an enhanced multi-frame object from its functional groups (PS3.3 C.7.6.16),
 * else from the data set itself (Image Plane, PS3.3 C.7.6.2). A frame without a group of its own has no position, so that
 * a multi-frame object without functional groups is never taken for a volume.
 * @param instance  place of the instance in the caller's list
 */
export function slicePlanes(dataset: DicomJson, instance: number): SlicePlane[] {
  const frames = Math.max(1, firstNumber(dataset, NUMBER_OF_FRAMES) ?? 1);
  const described = items(dataset, tag(0x5200, 0x9230)).length;
  // Number of Frames is only a claim: what has no functional group has no place either.
  const count = Math.min(frames, Math.max(1, described));
  return Array.from({ length: count }, (_, i) => slicePlane(dataset, instance, i + 1, frames === 1 && described === 0));
}

function slicePlane(dataset: DicomJson, instance: number, frame: number, single: boolean): SlicePlane {
  const group = (macro: Tag): DicomJson => (single ? dataset : (functionalGroup(dataset, frame, macro) ?? {}));
  const measures = group(PIXEL_MEASURES);
  const values = functionalGroup(dataset, frame, PIXEL_VALUE_TRANSFORMATION) ?? dataset;
  const acquisition = functionalGroup(dataset, frame, CT_ACQUISITION_DETAILS) ?? dataset;
  const frameType = FRAME_TYPES.map((macro) => functionalGroup(dataset, frame, macro)).find((found) => found !== undefined);
  return {
    instance,
    frame,
    rows: firstNumber(dataset, ROWS),
    columns: firstNumber(dataset, COLUMNS),
    imagePositionPatient: vectors(group(PLANE_POSITION), IMAGE_POSITION_PATIENT, 1)?.[0],
    imageOrientationPatient: orientation(group(PLANE_ORIENTATION)),
    pixelSpacing: spacing(measures),
    sliceThickness: firstNumber(measures, SLICE_THICKNESS),
    spacingBetweenSlices: firstNumber(measures, SPACING_BETWEEN_SLICES),
    frameOfReferenceUID: firstText(dataset, FRAME_OF_REFERENCE_UID)?.trim() || undefined,
    imageType: (frameType === undefined ? allTexts(dataset, IMAGE_TYPE) : allTexts(frameType, FRAME_TYPE)).map(upperCase),
    gantryDetectorTilt: firstNumber(acquisition, GANTRY_DETECTOR_TILT),
    rescaleSlope: firstNumber(values, RESCALE_SLOPE),
    rescaleIntercept: firstNumber(values, RESCALE_INTERCEPT),
    rescaleType: upperCase(firstText(values, RESCALE_TYPE) ?? '') || undefined,
    pixelRepresentation: firstNumber(dataset, PIXEL_REPRESENTATION),
  };
}

const upperCase = (value: string): string => value.trim().toUpperCase();

function orientation(group: DicomJson): SlicePlane['imageOrientationPatient'] {
  const directions = vectors(group, IMAGE_ORIENTATION_PATIENT, 2);
  return directions && [directions[0], directions[1]];
}

function spacing(measures: DicomJson): SlicePlane['pixelSpacing'] {
  const given = allNumbers(measures, PIXEL_SPACING);
  return given.length === 2 ? [given[0], given[1]] : undefined;
}

/** Exactly `count` vectors, or nothing: with one number missing none of the others has its place. */
function vectors(dataset: DicomJson, at: Tag, count: number): Vector[] | undefined {
  const given = allNumbers(dataset, at);
  if (given.length !== 3 * count || dataset[at]?.Value?.length !== 3 * count) return undefined;
  return Array.from({ length: count }, (_, i): Vector => [given[3 * i], given[3 * i + 1], given[3 * i + 2]]);
}
