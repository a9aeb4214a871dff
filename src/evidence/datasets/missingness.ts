import { firstText, tag, type DicomJson, type Tag } from '../../dicom/dicom-json.js';

/** What a case should say of itself, by its keyword (PS3.6). */
const ATTRIBUTES: readonly (readonly [keyword: string, at: Tag])[] = [
  ['PatientID', tag(0x0010, 0x0020)],
  ['PatientSex', tag(0x0010, 0x0040)],
  ['PatientAge', tag(0x0010, 0x1010)],
  ['PatientBirthDate', tag(0x0010, 0x0030)],
  ['EthnicGroup', tag(0x0010, 0x2160)],
  ['StudyDate', tag(0x0008, 0x0020)],
  ['InstitutionName', tag(0x0008, 0x0080)],
  ['Manufacturer', tag(0x0008, 0x0070)],
  ['ManufacturerModelName', tag(0x0008, 0x1090)],
  ['DeviceSerialNumber', tag(0x0018, 0x1000)],
  ['SoftwareVersions', tag(0x0018, 0x1020)],
  ['Modality', tag(0x0008, 0x0060)],
  ['BodyPartExamined', tag(0x0018, 0x0015)],
  ['ViewPosition', tag(0x0018, 0x5101)],
  ['Laterality', tag(0x0020, 0x0060)],
  ['ImageLaterality', tag(0x0020, 0x0062)],
  ['KVP', tag(0x0018, 0x0060)],
  ['Exposure', tag(0x0018, 0x1152)],
  ['PixelSpacing', tag(0x0028, 0x0030)],
  ['ImagerPixelSpacing', tag(0x0018, 0x1164)],
];

/** Counts, attribute by attribute, how many cases lack it; holds no value of any. */
export class Missingness {
  private readonly counts = new Uint32Array(ATTRIBUTES.length);
  private of = 0;

  add(dataset: DicomJson): void {
    this.of++;
    for (const [i, [, at]] of ATTRIBUTES.entries()) if ((firstText(dataset, at)?.trim() ?? '') === '') this.counts[i]++;
  }

  /** In the order of the list above. */
  table(): { attribute: string; missing: number; of: number }[] {
    return ATTRIBUTES.map(([attribute], i) => ({ attribute, missing: this.counts[i], of: this.of }));
  }
}
