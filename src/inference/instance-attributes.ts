import { firstNumber, firstText, tag, type DicomJson } from '../dicom/dicom-json.js';
import type { InstanceAttributes } from './selection.js';

/** What choosing asks of an instance, from its header. */
export function instanceAttributes(
  { sopClassUID, transferSyntaxUID }: Pick<InstanceAttributes, 'sopClassUID' | 'transferSyntaxUID'>,
  dataset: DicomJson,
  hasPixelData: boolean,
): InstanceAttributes {
  const text = (group: number, element: number) => firstText(dataset, tag(group, element))?.trim();
  return {
    sopClassUID,
    transferSyntaxUID,
    modality: text(0x0008, 0x0060),
    photometricInterpretation: text(0x0028, 0x0004),
    bodyPartExamined: text(0x0018, 0x0015),
    viewPosition: text(0x0018, 0x5101),
    numberOfFrames: firstNumber(dataset, tag(0x0028, 0x0008)),
    samplesPerPixel: firstNumber(dataset, tag(0x0028, 0x0002)),
    hasPixelData,
  };
}
