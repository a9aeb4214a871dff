import { writeDataSet } from './data-set-writer.js';
import { derivedUid } from './derived-uid.js';
import { allTexts, firstText, tag, type DicomElement, type DicomJson, type Tag } from './dicom-json.js';
import { directoryKeys, type RecordType } from './directory-keys.js';
import { leafType } from './directory-record-types.js';
import { EXPLICIT_LITTLE_ENDIAN } from './encoding.js';
import { part10Header } from './part10-writer.js';
import { EXPLICIT_VR_LITTLE_ENDIAN } from './transfer-syntaxes.js';

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
/** Says of a PRIVATE record that it stands for an instance PS3.3 has no record type for (PS3.3 F.6.1); made from a UUID, never to change. */
const UNTYPED_INSTANCE = '2.25.55891521027124518794630843309093516272';
const FILE_SET_ID = 'WETREAD';

const SPECIFIC_CHARACTER_SET = tag(0x0008, 0x0005);
const SOP_CLASS_UID = tag(0x0008, 0x0016);
const SOP_INSTANCE_UID = tag(0x0008, 0x0018);
const RELATED_GENERAL_SOP_CLASS_UID = tag(0x0008, 0x001a);
const PATIENT_ID = tag(0x0010, 0x0020);
const ISSUER_OF_PATIENT_ID = tag(0x0010, 0x0021);
const STUDY_INSTANCE_UID = tag(0x0020, 0x000d);
const SERIES_INSTANCE_UID = tag(0x0020, 0x000e);
const ROWS = tag(0x0028, 0x0010);

const FILE_SET = tag(0x0004, 0x1130);
const FIRST_RECORD = tag(0x0004, 0x1200);
const LAST_RECORD = tag(0x0004, 0x1202);
const CONSISTENCY = tag(0x0004, 0x1212);
const DIRECTORY_RECORDS = tag(0x0004, 0x1220);
const NEXT_RECORD = tag(0x0004, 0x1400);
const RECORD_IN_USE = tag(0x0004, 0x1410);
const LOWER_LEVEL = tag(0x0004, 0x1420);
const RECORD_TYPE = tag(0x0004, 0x1430);
const PRIVATE_RECORD_UID = tag(0x0004, 0x1432);
const REFERENCED_FILE_ID = tag(0x0004, 0x1500);
const REFERENCED_SOP_CLASS_UID = tag(0x0004, 0x1510);
const REFERENCED_SOP_INSTANCE_UID = tag(0x0004, 0x1511);
const REFERENCED_TRANSFER_SYNTAX_UID = tag(0x0004, 0x1512);
const REFERENCED_RELATED_GENERAL_SOP_CLASS_UID = tag(0x0004, 0x151a);

/** An item tag with its length (PS3.5 7.5). */
const ITEM_HEADER = 8;

/** Tags that name what lies on a level above the instances. */
const LEVELS: readonly (readonly [type: RecordType, prefix: string, ...named: Tag[]])[] = [
  ['PATIENT', 'PA', PATIENT_ID, ISSUER_OF_PATIENT_ID],
  ['STUDY', 'ST', STUDY_INSTANCE_UID],
  ['SERIES', 'SE', SERIES_INSTANCE_UID],
];

interface DirectoryRecord {
  /** The last component of its File ID, or of those below it. */
  readonly folder: string;
  /** Everything but the two offsets. */
  readonly elements: DicomJson;
  /** Bytes as an item, the same whatever the offsets are. */
  readonly length: number;
  readonly below: Map<string, DirectoryRecord>;
}

/**
 * A File-set (PS3.10 section 8) of DICOM files: it names them, and lists them in its DICOMDIR, the Basic Directory IOD (PS3.3
 * Annex F), as patients, studies, series, instances. Of each file it keeps its record only.
 */
export class Dicomdir {
  private readonly root = new Map<string, DirectoryRecord>();
  private sopInstanceUID = derivedUid(MEDIA_STORAGE_DIRECTORY);

  /**
   * Takes up a file; answers its File ID from the root of the File-set (PS3.10 8.2: at most 8 components of at most 8
   * characters).
   * @param dataset  of the file, without bulk data
   */
  add(dataset: DicomJson, transferSyntaxUID: string): readonly string[] {
    const fileId = ['DICOM'];
    let siblings = this.root;
    for (const [type, prefix, ...named] of LEVELS) {
      const name = JSON.stringify(named.map((at) => firstText(dataset, at) ?? ''));
      const place = siblings.size + 1;
      const known = siblings.get(name) ?? directoryRecord(type, folder(prefix, place), dataset, place, {});
      siblings.set(name, known);
      fileId.push(known.folder);
      siblings = known.below;
    }
    const place = siblings.size + 1;
    fileId.push(folder('IM', place));
    const type = leafType(firstText(dataset, SOP_CLASS_UID) ?? '', ROWS in dataset);
    siblings.set(String(place), directoryRecord(type, folder('IM', place), dataset, place, reference(dataset, fileId, transferSyntaxUID)));
    this.sopInstanceUID = derivedUid(this.sopInstanceUID, firstText(dataset, SOP_INSTANCE_UID) ?? '', transferSyntaxUID);
    return fileId;
  }

  /** The DICOMDIR file: the same files added in the same order give the same bytes. */
  bytes(): Buffer {
    const about: DicomJson = { [SOP_CLASS_UID]: ui(MEDIA_STORAGE_DIRECTORY), [SOP_INSTANCE_UID]: ui(this.sopInstanceUID) };
    const header = part10Header(about, EXPLICIT_VR_LITTLE_ENDIAN);
    // An empty sequence has its full header: the first record begins behind it.
    const records = placed(this.root, header.length + writeDataSet(fileSet(0, 0, []), EXPLICIT_LITTLE_ENDIAN).length);
    const [first, last] = [records[0]?.offset ?? 0, records.findLast(({ top }) => top)?.offset ?? 0];
    const items = records.map(({ elements }) => elements);
    return Buffer.concat([header, writeDataSet(fileSet(first, last, items), EXPLICIT_LITTLE_ENDIAN)]);
  }
}

/** PS3.10 8.2: letters A to Z, digits, underscores. */
function folder(prefix: string, place: number): string {
  const digits = String(place).padStart(6, '0');
  return prefix.slice(0, 8 - digits.length) + digits; // the millionth has one letter
}

function directoryRecord(type: RecordType, name: string, dataset: DicomJson, place: number, more: DicomJson): DirectoryRecord {
  const elements: DicomJson = {
    [RECORD_IN_USE]: { vr: 'US', Value: [0xffff] },
    [RECORD_TYPE]: { vr: 'CS', Value: [type] },
    ...(type === 'PRIVATE' ? { [PRIVATE_RECORD_UID]: ui(UNTYPED_INSTANCE) } : {}),
    ...more,
    ...directoryKeys(type, dataset, place, name),
  };
  if (/[^\0-\x7f]/.test(JSON.stringify(elements))) elements[SPECIFIC_CHARACTER_SET] = { vr: 'CS', Value: ['ISO_IR 192'] };
  const length = ITEM_HEADER + writeDataSet(withOffsets(elements, 0, 0), EXPLICIT_LITTLE_ENDIAN).length;
  return { folder: name, elements, length, below: new Map() };
}

/** Where the file of a record is, and what it is (PS3.3 F.3.2.2). */
function reference(dataset: DicomJson, fileId: readonly string[], transferSyntaxUID: string): DicomJson {
  const general = allTexts(dataset, RELATED_GENERAL_SOP_CLASS_UID);
  return {
    [REFERENCED_FILE_ID]: { vr: 'CS', Value: [...fileId] },
    [REFERENCED_SOP_CLASS_UID]: ui(firstText(dataset, SOP_CLASS_UID)),
    [REFERENCED_SOP_INSTANCE_UID]: ui(firstText(dataset, SOP_INSTANCE_UID)),
    [REFERENCED_TRANSFER_SYNTAX_UID]: ui(transferSyntaxUID),
    ...(general.length === 0 ? {} : { [REFERENCED_RELATED_GENERAL_SOP_CLASS_UID]: { vr: 'UI', Value: general } }),
  };
}

interface PlacedRecord {
  readonly elements: DicomJson;
  /** Of its item tag, from the first byte of the file (PS3.3 F.3.2.2). */
  readonly offset: number;
  readonly top: boolean;
}

/** The records one after the other, each before those below it, with the offsets that lead from one to the next and below. */
function placed(root: ReadonlyMap<string, DirectoryRecord>, start: number): PlacedRecord[] {
  const found: PlacedRecord[] = [];
  let offset = start;
  const place = (siblings: ReadonlyMap<string, DirectoryRecord>, top: boolean): void => {
    let left = siblings.size;
    for (const { elements, length, below } of siblings.values()) {
      const at = found.length;
      const begin = offset;
      offset += length;
      const lower = below.size > 0 ? offset : 0;
      found.push({ elements, offset: begin, top });
      place(below, false);
      left -= 1;
      found[at] = { elements: withOffsets(elements, left > 0 ? offset : 0, lower), offset: begin, top };
    }
  };
  place(root, true);
  return found;
}

const withOffsets = (elements: DicomJson, next: number, lower: number): DicomJson => ({
  ...elements,
  [NEXT_RECORD]: { vr: 'UL', Value: [next] },
  [LOWER_LEVEL]: { vr: 'UL', Value: [lower] },
});

const fileSet = (first: number, last: number, records: DicomJson[]): DicomJson => ({
  [FILE_SET]: { vr: 'CS', Value: [FILE_SET_ID] },
  [FIRST_RECORD]: { vr: 'UL', Value: [first] },
  [LAST_RECORD]: { vr: 'UL', Value: [last] },
  [CONSISTENCY]: { vr: 'US', Value: [0] },
  [DIRECTORY_RECORDS]: { vr: 'SQ', Value: records },
});

const ui = (uid: string | undefined): DicomElement => ({ vr: 'UI', Value: uid === undefined ? [] : [uid] });
