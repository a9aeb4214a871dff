import sharp from 'sharp';
import type { DicomElement, DicomJson } from '../../src/dicom/dicom-json.js';
import { aChestXray, type Elements, type TestInstance } from './instances.js';

const element =
  (vr: string) =>
  (...values: (string | number | DicomJson)[]): DicomElement => ({ vr, Value: values });
export const [ui, is, ds, cs, sl, fl, us, st, sq] = ['UI', 'IS', 'DS', 'CS', 'SL', 'FL', 'US', 'ST', 'SQ'].map(element);

/** A reference to an image, to some of its frames where they are named (PS3.3 table 10-3). */
export const reference = ({ sopInstanceUID }: TestInstance, ...frames: number[]): DicomElement =>
  sq({ '00081155': ui(sopInstanceUID), ...(frames.length > 0 && { '00081160': is(...frames) }) });

/** A Grayscale Softcopy Presentation State of one image. */
export const aState = (image: TestInstance, said: Elements): TestInstance =>
  aChestXray(
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.11.1',
      Modality: 'PR',
      StudyInstanceUID: image.studyInstanceUID,
      ReferencedSeriesSequence: [{ '0020000E': ui(image.seriesInstanceUID), '00081140': reference(image) }],
      PresentationLUTShape: 'IDENTITY',
      ...said,
    },
    { pixelData: null },
  );
/** A window that shows values of 8 bits as they are. */
export const AS_IT_IS = { '00281050': ds(127.5), '00281051': ds(255), '00281056': cs('LINEAR_EXACT') };

/** Grey values of an image, row by row. */
export async function greyOf(bytes: Uint8Array): Promise<{ grey: number[]; size: number[] }> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { grey: Array.from({ length: info.width * info.height }, (_, i) => data[i * info.channels]), size: [info.width, info.height] };
}
