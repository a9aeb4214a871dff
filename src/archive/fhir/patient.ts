import type { HumanName, Patient } from 'fhir/r4.js';
import { firstText, tag, type DicomJson, type PersonName } from '../../dicom/dicom-json.js';
import { escaped } from '../../records/narrative.js';
import { calendarDay } from './calendar-day.js';
import { patientIdOf } from '../../records/study-patient-id.js';
import { headerText } from './header-text.js';

const GENDER: Readonly<Record<string, NonNullable<Patient['gender']>>> = { M: 'male', F: 'female', O: 'other' };

/** The Patient's id, by a study's attributes (patientIdOf). */
export const patientResourceId = (study: DicomJson, studyInstanceUID: string): string =>
  patientIdOf([firstText(study, tag(0x0010, 0x0020))?.trim() ?? '', firstText(study, tag(0x0010, 0x0021)) ?? null, studyInstanceUID]);

/** The Patient of a DICOM header (PS3.3 C.7.1.1). */
export function patientResource(study: DicomJson, studyInstanceUID: string): Patient & { id: string } {
  const patientID = headerText(firstText(study, tag(0x0010, 0x0020)));
  const issuer = headerText(firstText(study, tag(0x0010, 0x0021)));
  const birthDate = calendarDay(firstText(study, tag(0x0010, 0x0030)));
  const gender = GENDER[firstText(study, tag(0x0010, 0x0040))?.trim() ?? ''] ?? 'unknown';
  const names = (study[tag(0x0010, 0x0010)]?.Value ?? []).flatMap((value) =>
    typeof value === 'object' && value !== null ? humanNames(value as PersonName) : [],
  );
  return {
    resourceType: 'Patient',
    id: patientResourceId(study, studyInstanceUID),
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${escaped(names[0]?.text ?? 'Patient without a name')}</p></div>`,
    },
    ...(patientID
      ? {
          identifier: [
            {
              type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR', display: 'Medical record number' }] },
              system: issuer ? `urn:wetread:issuer-of-patient-id:${encodeURIComponent(issuer)}` : 'urn:wetread:patient-id',
              value: patientID,
            },
          ],
        }
      : {}),
    ...(names.length > 0 ? { name: names } : {}),
    gender,
    ...(birthDate ? { birthDate } : {}),
  };
}

/** One HumanName for each component group; the ideographic and phonetic ones say so (iso21090-EN-representation). */
function humanNames(name: PersonName): HumanName[] {
  const representation = (code: string) => ({
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation', valueCode: code }],
  });
  return [
    ...humanName(name.Alphabetic, { use: 'official' }),
    ...humanName(name.Ideographic, representation('IDE')),
    ...humanName(name.Phonetic, representation('SYL')),
  ];
}

/** family^given^middle^prefix^suffix (PS3.5 6.2.1.1); empty components leave no empty strings. */
function humanName(group: string | undefined, rest: Partial<HumanName>): HumanName[] {
  const [family, given, middle, prefix, suffix] = (headerText(group) ?? '').split('^').map((part) => part.trim());
  const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');
  const givenNames = [...words(given), ...words(middle)];
  const parts: HumanName = {
    ...(family ? { family } : {}),
    ...(givenNames.length > 0 ? { given: givenNames } : {}),
    ...(words(prefix).length > 0 ? { prefix: words(prefix) } : {}),
    ...(words(suffix).length > 0 ? { suffix: words(suffix) } : {}),
  };
  if (Object.keys(parts).length === 0) return [];
  return [{ ...rest, text: [...words(prefix), ...givenNames, ...words(family), ...words(suffix)].join(' '), ...parts }];
}
