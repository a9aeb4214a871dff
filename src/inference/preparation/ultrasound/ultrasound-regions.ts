import { firstNumber, items, tag, type DicomJson } from '../../../dicom/dicom-json.js';

/** One region of an ultrasound image (US Region Calibration module, PS3.3 C.8.5.5). */
export interface UltrasoundRegion {
  /** Region Spatial Format (0018,6012): 1 is 2-D, 2 M-mode, 3 spectral, 4 wave form, 5 graphics. */
  readonly spatialFormat: number;
  /** Region Data Type (0018,6014): 1 tissue, 2 colour flow, 3 and 4 spectral Doppler, 10 ECG trace, 13 grey bar, … */
  readonly dataType: number;
  /** Pixels from 0, both corners belong to the region: columns x0..x1, rows y0..y1. */
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Pixel that has the reference physical value, relative to the region's first pixel; may lie outside. */
  readonly referencePixel: readonly [x: number, y: number] | undefined;
  /** mm from a column to the next and from a row to the next; undefined where the region is not measured in cm. */
  readonly mmPerPixel: readonly [x: number, y: number] | undefined;
}

const SEQUENCE_OF_ULTRASOUND_REGIONS = tag(0x0018, 0x6011);
const CENTIMETRES = 3; // PS3.3 C.8.5.5.1.15
const TWO_DIMENSIONAL = 1;
const TISSUE = 1;
const COLOUR_FLOW = 2;

/** The regions of an instance; one without its four corners is left out. */
export function ultrasoundRegions(dataset: DicomJson): UltrasoundRegion[] {
  return items(dataset, SEQUENCE_OF_ULTRASOUND_REGIONS).flatMap((item) => {
    const number = (element: number) => firstNumber(item, tag(0x0018, element));
    const [x0, y0, x1, y1] = [number(0x6018), number(0x601a), number(0x601c), number(0x601e)];
    if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return [];
    const [referenceX, referenceY] = [number(0x6020), number(0x6022)];
    const [deltaX, deltaY] = [number(0x602c), number(0x602e)];
    const measured = number(0x6024) === CENTIMETRES && number(0x6026) === CENTIMETRES && deltaX && deltaY;
    return [
      {
        spatialFormat: number(0x6012) ?? 0,
        dataType: number(0x6014) ?? 0,
        x0,
        y0,
        x1,
        y1,
        referencePixel: referenceX === undefined || referenceY === undefined ? undefined : ([referenceX, referenceY] as const),
        // Negative where the axis runs against the pixels; a length has no direction.
        mmPerPixel: measured ? ([Math.abs(deltaX) * 10, Math.abs(deltaY) * 10] as const) : undefined,
      },
    ];
  });
}

/** Where the image shows the body in two dimensions: tissue, or colour flow over it. */
export const isTissueRegion = ({ spatialFormat, dataType }: UltrasoundRegion): boolean =>
  spatialFormat === TWO_DIMENSIONAL && (dataType === TISSUE || dataType === COLOUR_FLOW);

export type WhyNoRegions = 'ultrasound-regions-absent' | 'ultrasound-regions-outside';

/**
 * The 2-D regions, if they can be trusted: all inside the image. One that reaches beyond it was written for another size
 * (the image was shrunk since), and would mask and measure the wrong pixels.
 */
export function tissueRegions(
  regions: readonly UltrasoundRegion[],
  { rows, columns }: { readonly rows: number; readonly columns: number },
):
  | { readonly reads: true; readonly regions: readonly UltrasoundRegion[] }
  | { readonly reads: false; readonly why: { readonly code: WhyNoRegions; readonly text: string } } {
  const tissue = regions.filter(isTissueRegion);
  if (tissue.length === 0)
    return {
      reads: false,
      why: {
        code: 'ultrasound-regions-absent',
        text: 'the header names no 2-D region: text and patient data in the picture could not be masked',
      },
    };
  const inside = tissue.every(({ x0, y0, x1, y1 }) => x0 >= 0 && y0 >= 0 && x0 <= x1 && y0 <= y1 && x1 < columns && y1 < rows);
  if (!inside)
    return {
      reads: false,
      why: { code: 'ultrasound-regions-outside', text: 'a 2-D region reaches beyond the image: it was written for another size' },
    };
  return { reads: true, regions: tissue };
}

/**
 * Sets what lies outside of every region to 0, in place: burnt-in text, scales, logos.
 * @param values  rows × columns, row by row, channel after channel
 * @param regions  inside the image (tissueRegions)
 */
export function maskOutside(
  values: Float64Array | Float32Array | Uint8Array,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  regions: readonly Pick<UltrasoundRegion, 'x0' | 'y0' | 'x1' | 'y1'>[],
): void {
  const shown = new Uint8Array(rows * columns);
  for (const { x0, y0, x1, y1 } of regions) for (let y = y0; y <= y1; y++) shown.fill(1, y * columns + x0, y * columns + x1 + 1);
  for (let i = 0; i < values.length; i++) if (shown[i % shown.length] === 0) values[i] = 0;
}
