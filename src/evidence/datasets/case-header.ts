import { createHash } from 'node:crypto';
import type { PixelInstanceRow } from '../../archive/retrieve.sql.js';
import { firstNumber, firstText, tag, type DicomJson, type Tag } from '../../dicom/dicom-json.js';
import { patientIdOf } from '../../records/study-patient-id.js';
import { patientHashes } from './patient-hash.js';

/** From this age on years would tell who it is: 90 stands for all of them (45 CFR 164.514(b)(2)(i)(C)). */
const OLDEST = 90;

/** What a dataset keeps of an instance's header until it has its keys: a few hundred bytes, where the header may have megabytes. */
export interface CaseHeader {
  readonly row: number;
  readonly studyRow: number;
  /** SHA-256 of the SOP Instance UID, hex. */
  readonly instanceHash: string;
  readonly fileSha256: string;
  /** Id of the Patient, as the archive has it. */
  readonly patient: string;
  readonly patientHashes: readonly string[];
  readonly institution: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly modality: string;
  readonly viewPosition: string;
  /** Whole years at the study, 90 for all above. */
  readonly ageYears: number | null;
  readonly sex: string;
}

const text = (dataset: DicomJson, at: Tag): string => firstText(dataset, at)?.trim() ?? '';

export function caseHeader(instance: PixelInstanceRow, dataset: DicomJson): CaseHeader {
  const patientID = text(dataset, tag(0x0010, 0x0020));
  const issuer = text(dataset, tag(0x0010, 0x0021));
  const age = ageInYears(dataset);
  return {
    row: instance.id,
    studyRow: instance.studyRow,
    instanceHash: createHash('sha256').update(instance.sopInstanceUID).digest('hex'),
    fileSha256: instance.sha256,
    patient: patientIdOf([patientID, issuer, text(dataset, tag(0x0020, 0x000d))]),
    patientHashes: patientHashes(issuer, patientID),
    institution: text(dataset, tag(0x0008, 0x0080)),
    manufacturer: text(dataset, tag(0x0008, 0x0070)),
    model: text(dataset, tag(0x0008, 0x1090)),
    modality: text(dataset, tag(0x0008, 0x0060)).toUpperCase(),
    viewPosition: text(dataset, tag(0x0018, 0x5101)).toUpperCase(),
    ageYears: age === null ? null : Math.min(age, OLDEST),
    sex: text(dataset, tag(0x0010, 0x0040)).toUpperCase(),
  };
}

/** Frames that it says it has; 1 where it says nothing. */
export const framesOf = (dataset: DicomJson): number => firstNumber(dataset, tag(0x0028, 0x0008)) ?? 1;

/** Parts of a year that an age may be given in (AS, PS3.5 6.2). */
const PER_YEAR: Readonly<Record<string, number>> = { D: 365.25, W: 365.25 / 7, M: 12, Y: 1 };

/** Whole years: Patient's Age (0010,1010), else from the birth date to the study date; null where neither tells. */
export function ageInYears(dataset: DicomJson): number | null {
  const [, count, unit] = /^(\d{3})([DWMY])$/.exec(text(dataset, tag(0x0010, 0x1010))) ?? [];
  if (unit !== undefined) return Math.floor(Number(count) / PER_YEAR[unit]);
  const [born, imaged] = [tag(0x0010, 0x0030), tag(0x0008, 0x0020)].map((at) => text(dataset, at));
  if (!/^\d{8}$/.test(born) || !/^\d{8}$/.test(imaged) || imaged < born) return null;
  const hadBirthday = imaged.slice(4) >= born.slice(4);
  return Number(imaged.slice(0, 4)) - Number(born.slice(0, 4)) - (hadBirthday ? 0 : 1);
}
