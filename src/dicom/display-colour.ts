import { allNumbers, firstNumber, type DicomJson, type Tag } from './dicom-json.js';

/** A colour of what is laid over an image: for images of grey, and for images of colour; 0…255. */
export interface DisplayColour {
  readonly grey: number;
  readonly rgb: readonly [red: number, green: number, blue: number];
}

const MOST = 0xffff;

/**
 * The colour that a state recommends, by a P-Value (0 black, FFFFH white) or as CIELab (PS3.3 C.10.7.1.1); on a colour
 * image the latter where both are there.
 * @param otherwise  grey 0…255 where it recommends none
 */
export function displayColour(item: DicomJson, greyAt: Tag, labAt: Tag, otherwise: number): DisplayColour {
  const lab = allNumbers(item, labAt);
  const pValue = firstNumber(item, greyAt) ?? (lab.length === 3 ? lab[0] : (otherwise * MOST) / 255);
  const grey = byte(pValue / MOST);
  return { grey, rgb: lab.length === 3 ? srgb(lab) : [grey, grey, grey] };
}

const byte = (fraction: number): number => Math.round(Math.min(1, Math.max(0, fraction)) * 255);

/** CIELab as DICOM writes it (PS3.3 C.10.7.1.1: D50; L* 0…100, a* and b* -128…127, each in 16 bits) in sRGB (IEC 61966-2-1). */
function srgb(written: readonly number[]): DisplayColour['rgb'] {
  const [l, a, b] = [(written[0] * 100) / MOST, (written[1] * 255) / MOST - 128, (written[2] * 255) / MOST - 128];
  const height = (l + 16) / 116;
  const linear = (f: number): number => (f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29));
  const [x, y, z] = [0.96422 * linear(height + a / 500), linear(height), 0.82521 * linear(height - b / 200)];
  // From XYZ under D50, adapted to D65 after Bradford.
  return [
    encoded(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
    encoded(-0.9787684 * x + 1.9161415 * y + 0.033454 * z),
    encoded(0.0719453 * x - 0.2289914 * y + 1.4052427 * z),
  ];
}

const encoded = (linear: number): number => byte(linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);
