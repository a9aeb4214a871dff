import sharp from 'sharp';
import { createHash } from 'node:crypto';
import { derivedUid } from '../dicom/derived-uid.js';
import { tag, type DicomElement, type DicomJson } from '../dicom/dicom-json.js';
import { writePart10 } from '../dicom/part10-writer.js';

const CR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.1';

/** True for the first bytes of a JPEG or PNG file. */
export const isPicture = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) ||
  (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47);

/**
 * A JPEG or PNG of a frontal chest radiograph as a CR instance, so that the demo can be tried on pictures: grey, 8 bits,
 * MONOCHROME2, without a window. It is taken for what its user says it is; the header names nobody.
 * @param patientID  as the collection that it is of calls the patient; made of the picture unless given
 */
export async function pictureAsChestRadiograph(picture: Uint8Array, patientID?: string): Promise<Buffer> {
  const { data, info } = await sharp(picture).greyscale().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const key = createHash('sha256').update(picture).digest('hex');
  const text = (vr: string, ...values: (string | number)[]): DicomElement => (values.length === 0 ? { vr } : { vr, Value: values });
  const dataset: DicomJson = {
    [tag(0x0008, 0x0008)]: text('CS', 'DERIVED', 'SECONDARY'),
    [tag(0x0008, 0x0016)]: text('UI', CR_IMAGE_STORAGE),
    [tag(0x0008, 0x0018)]: text('UI', derivedUid('picture', key, 'instance')),
    [tag(0x0008, 0x0020)]: text('DA'),
    [tag(0x0008, 0x0030)]: text('TM'),
    [tag(0x0008, 0x0050)]: text('SH'),
    [tag(0x0008, 0x0060)]: text('CS', 'CR'),
    [tag(0x0008, 0x0070)]: text('LO', 'wetread'),
    [tag(0x0008, 0x0090)]: text('PN'),
    [tag(0x0008, 0x103e)]: text('LO', 'picture of a chest radiograph'),
    [tag(0x0010, 0x0010)]: { vr: 'PN', Value: [{ Alphabetic: 'Picture^Anonymous' }] },
    [tag(0x0010, 0x0020)]: text('LO', patientID ?? `PICTURE-${key.slice(0, 12)}`),
    [tag(0x0010, 0x0030)]: text('DA'),
    [tag(0x0010, 0x0040)]: text('CS'),
    [tag(0x0018, 0x0015)]: text('CS', 'CHEST'),
    [tag(0x0018, 0x5101)]: text('CS'),
    [tag(0x0020, 0x000d)]: text('UI', derivedUid('picture', key, 'study')),
    [tag(0x0020, 0x000e)]: text('UI', derivedUid('picture', key, 'series')),
    [tag(0x0020, 0x0010)]: text('SH'),
    [tag(0x0020, 0x0011)]: text('IS', 1),
    [tag(0x0020, 0x0013)]: text('IS', 1),
    [tag(0x0028, 0x0002)]: text('US', 1),
    [tag(0x0028, 0x0004)]: text('CS', 'MONOCHROME2'),
    [tag(0x0028, 0x0010)]: text('US', info.height),
    [tag(0x0028, 0x0011)]: text('US', info.width),
    [tag(0x0028, 0x0100)]: text('US', 8),
    [tag(0x0028, 0x0101)]: text('US', 8),
    [tag(0x0028, 0x0102)]: text('US', 7),
    [tag(0x0028, 0x0103)]: text('US', 0),
  };
  return writePart10(dataset, { pixelData: data });
}
