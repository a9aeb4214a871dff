import { allNumbers, firstNumber, firstText, items, tag, type DicomJson, type Tag } from './dicom-json.js';
import { LUT_DATA, LUT_DESCRIPTOR, readLookupTable, type BulkBytes } from './lookup-table.js';
import type { ModalityTransform } from './modality-lut.js';
import type { Voi, VoiLutFunction } from './voi-lut.js';

const SHARED_FUNCTIONAL_GROUPS = tag(0x5200, 0x9229);
const PER_FRAME_FUNCTIONAL_GROUPS = tag(0x5200, 0x9230);
const PIXEL_VALUE_TRANSFORMATION = tag(0x0028, 0x9145);
const FRAME_VOI_LUT = tag(0x0028, 0x9132);
const RESCALE_INTERCEPT = tag(0x0028, 0x1052);
const RESCALE_SLOPE = tag(0x0028, 0x1053);
const MODALITY_LUT_SEQUENCE = tag(0x0028, 0x3000);
const VOI_LUT_SEQUENCE = tag(0x0028, 0x3010);
const WINDOW_CENTER = tag(0x0028, 0x1050);
const WINDOW_WIDTH = tag(0x0028, 0x1051);
const WINDOW_EXPLANATION = tag(0x0028, 0x1055);
const VOI_LUT_FUNCTION = tag(0x0028, 0x1056);

/** Where a Modality or VOI LUT may be left as bulk data: item by item, in both sequences. */
export const lutItems = (dataset: DicomJson): DicomJson[] => [MODALITY_LUT_SEQUENCE, VOI_LUT_SEQUENCE].flatMap((at) => items(dataset, at));

/**
 * The Modality LUT of one frame: of its own functional group, else of the shared one (PS3.3 C.7.6.16.2.9),
 * else of the data set (C.11.1). A LUT Sequence wins over a slope beside it.
 * @param frame  from 1
 * @param signed  whether stored values are signed
 * @throws InvalidPixelDescription  a LUT Sequence that cannot be read
 */
export function modalityTransform(dataset: DicomJson, frame: number, signed: boolean, bulk: BulkBytes): ModalityTransform {
  const group = functionalGroup(dataset, frame, PIXEL_VALUE_TRANSFORMATION) ?? dataset;
  const [lut] = items(dataset, MODALITY_LUT_SEQUENCE);
  if (group === dataset && lut !== undefined) return { kind: 'table', table: readLookupTable(lut, LUT_DESCRIPTOR, LUT_DATA, signed, bulk) };
  return {
    kind: 'rescale',
    // A slope of 0 would make every value one: no image has that, old writers leave it for "none".
    rescaleSlope: firstNumber(group, RESCALE_SLOPE) || 1,
    rescaleIntercept: firstNumber(group, RESCALE_INTERCEPT) ?? 0,
  };
}

/**
 * The windows and VOI LUTs of one frame: of its own functional group, else of the shared one (PS3.3 C.7.6.16.2.10),
 * else of the data set (C.11.2). A window function that is not the standard's leaves no windows: drawn with another
 * one, the picture would be a different one.
 * @param frame  from 1
 * @param signed  whether values after the Modality LUT may be negative
 * @throws InvalidPixelDescription  a LUT Sequence that cannot be read
 */
export function voiOf(dataset: DicomJson, frame: number, signed: boolean, bulk: BulkBytes): Voi {
  const group = functionalGroup(dataset, frame, FRAME_VOI_LUT) ?? dataset;
  const voiLutFunction = (firstText(group, VOI_LUT_FUNCTION) ?? 'LINEAR').trim();
  const widths = allNumbers(group, WINDOW_WIDTH);
  const names = (group[WINDOW_EXPLANATION]?.Value ?? []).map((name) => (typeof name === 'string' ? name.trim() : ''));
  const windows = allNumbers(group, WINDOW_CENTER)
    .slice(0, widths.length)
    .map((windowCenter, i) => ({ windowCenter, windowWidth: widths[i], ...(names[i] && { explanation: names[i] }) }));
  const tables = items(group, VOI_LUT_SEQUENCE).map((item) => readLookupTable(item, LUT_DESCRIPTOR, LUT_DATA, signed, bulk));
  if (!isVoiLutFunction(voiLutFunction)) return { windows: [], voiLutFunction: 'LINEAR', tables };
  return { windows, voiLutFunction, tables };
}

const isVoiLutFunction = (name: string): name is VoiLutFunction => ['LINEAR', 'LINEAR_EXACT', 'SIGMOID'].includes(name);

/** A macro of one frame: its own functional group, else the shared one (PS3.3 C.7.6.16); undefined where neither has it. */
export function functionalGroup(dataset: DicomJson, frame: number, macro: Tag): DicomJson | undefined {
  const perFrame = items(dataset, PER_FRAME_FUNCTIONAL_GROUPS)[frame - 1];
  const [shared] = items(dataset, SHARED_FUNCTIONAL_GROUPS);
  return items(perFrame ?? {}, macro)[0] ?? items(shared ?? {}, macro)[0];
}
