import { tagOf, vrOf } from '../dicom/data-dictionary.js';
import { derivedUid } from '../dicom/derived-uid.js';
import type { DicomElement, DicomJson, DicomValue } from '../dicom/dicom-json.js';
import type { PhantomOptions } from './phantom-options.js';
import { randomOf } from './phantom-random.js';

/** To be raised when the same options come to give another file: no SOP Instance UID may name two contents. */
const VERSION = '1';

/** The picture covers 400 mm × 400 mm of the detector, whatever its rows and columns. */
const FIELD_OF_VIEW = 400;

/** Stored values lie in 0..MAXIMUM (12 bits). */
export const MAXIMUM = 4095;

/** The window of a MONOCHROME2 phantom; MONOCHROME1 has its mirror image. */
const WINDOW_CENTER = 1850;
const WINDOW_WIDTH = 3300;

/**
 * The data set of a phantom, all but its Pixel Data: Digital X-Ray Image Storage - For Presentation (PS3.3 A.26).
 * The patient follows from the seed, the study from seed and time, the instance from all options.
 */
export function phantomHeaders(options: Required<PhantomOptions>): DicomJson {
  return {
    ...patient(options),
    ...studyAndSeries(options),
    ...acquisition(options),
    ...view(),
    ...imagePixel(options),
    ...presentation(options),
  };
}

/** PS3.3 C.7.1.1, C.12.1. */
function patient(options: Required<PhantomOptions>): DicomJson {
  const random = randomOf(options.seed, 'patient');
  const number = Math.floor(random() * 1e8);
  const born = new Date(Date.UTC(1940 + Math.floor(random() * 60), 0, 1 + Math.floor(random() * 365)));
  return elements({
    SpecificCharacterSet: ['ISO_IR 192'],
    SOPClassUID: ['1.2.840.10008.5.1.4.1.1.1.1'],
    SOPInstanceUID: [uidOf('instance', options)],
    SyntheticData: ['YES'],
    PatientName: [{ Alphabetic: 'Phantom^Chest' }],
    PatientID: [`PHANTOM-${String(number).padStart(8, '0')}`],
    PatientBirthDate: [dateOf(born)],
    PatientSex: [random() < 0.5 ? 'F' : 'M'],
    QualityControlSubject: ['YES'],
  });
}

/** PS3.3 C.7.2.1, C.7.3.1, C.8.11.1. */
function studyAndSeries(options: Required<PhantomOptions>): DicomJson {
  const [date, time] = [dateOf(options.studyDateTime), timeOf(options.studyDateTime)];
  const number = Math.floor(randomOf(options.seed, 'accession', date, time)() * 1e10);
  return elements({
    StudyInstanceUID: [uidOf('study', options)],
    StudyID: ['1'],
    StudyDate: [date],
    StudyTime: [time],
    TimezoneOffsetFromUTC: ['+0000'],
    AccessionNumber: [`PH${String(number).padStart(10, '0')}`],
    StudyDescription: ['Chest PA (phantom)'],
    ReferringPhysicianName: [{ Alphabetic: 'Phantom^Referrer' }],
    SeriesInstanceUID: [uidOf('series', options)],
    SeriesNumber: [1],
    SeriesDate: [date],
    SeriesTime: [time],
    SeriesDescription: ['PA'],
    Modality: ['DX'],
    PresentationIntentType: ['FOR PRESENTATION'],
    InstanceNumber: [1],
    ContentDate: [date],
    ContentTime: [time],
    AcquisitionDate: [date],
    AcquisitionTime: [time],
  });
}

/** PS3.3 C.7.5.1, C.8.7.8, C.8.11.4: what an upright chest stand would say. */
function acquisition({ rows, columns }: Required<PhantomOptions>): DicomJson {
  const spacing = [millimetres(FIELD_OF_VIEW / rows), millimetres(FIELD_OF_VIEW / columns)];
  return elements({
    Manufacturer: ['wetread'],
    ManufacturerModelName: ['chest phantom'],
    DeviceSerialNumber: ['0'],
    SoftwareVersions: [VERSION],
    KVP: [120],
    Exposure: [2],
    ExposureTime: [8],
    XRayTubeCurrent: [250],
    PositionerType: ['COLUMN'],
    DistanceSourceToDetector: [1800],
    DetectorType: ['DIRECT'],
    ImagerPixelSpacing: spacing,
    PixelSpacing: spacing,
  });
}

/** PS3.3 C.8.11.2, C.8.11.5, C.7.6.14. */
function view(): DicomJson {
  return elements({
    BodyPartExamined: ['CHEST'],
    AnatomicRegionSequence: [code('51185008', 'Chest')],
    ImageLaterality: ['U'],
    ViewPosition: ['PA'],
    ViewCodeSequence: [code('399348003', 'postero-anterior')],
    PatientOrientation: ['L', 'F'],
    AcquisitionContextSequence: [],
  });
}

/** PS3.3 C.7.6.3. */
function imagePixel({ rows, columns, photometricInterpretation }: Required<PhantomOptions>): DicomJson {
  return elements({
    SamplesPerPixel: [1],
    PhotometricInterpretation: [photometricInterpretation],
    Rows: [rows],
    Columns: [columns],
    BitsAllocated: [16],
    BitsStored: [12],
    HighBit: [11],
    PixelRepresentation: [0],
  });
}

/** PS3.3 C.8.11.3, C.11.2: MONOCHROME1 and MONOCHROME2 say the same picture in complementary values. */
function presentation({ photometricInterpretation }: Required<PhantomOptions>): DicomJson {
  const inverse = photometricInterpretation === 'MONOCHROME1';
  return elements({
    ImageType: ['ORIGINAL', 'PRIMARY'],
    ImageComments: ['Synthetic: no patient was imaged'],
    BurnedInAnnotation: ['NO'],
    LossyImageCompression: ['00'],
    PixelIntensityRelationship: ['LOG'],
    PixelIntensityRelationshipSign: [inverse ? 1 : -1], // which end of the values means less X-ray beam
    RescaleIntercept: [0],
    RescaleSlope: [1],
    RescaleType: ['US'],
    WindowCenter: [inverse ? MAXIMUM - WINDOW_CENTER : WINDOW_CENTER],
    WindowWidth: [WINDOW_WIDTH],
    VOILUTFunction: ['LINEAR_EXACT'], // LINEAR lies half a value off its mirror image (PS3.3 C.11.2.1.2.1)
    PresentationLUTShape: [inverse ? 'INVERSE' : 'IDENTITY'],
  });
}

const code = (value: string, meaning: string): DicomJson =>
  elements({ CodeValue: [value], CodingSchemeDesignator: ['SCT'], CodeMeaning: [meaning] });

/** Elements by keyword, each with the VR that PS3.6 gives it. */
function elements(values: Readonly<Record<string, DicomValue[]>>): DicomJson {
  return Object.fromEntries(
    Object.entries(values).map(([keyword, Value]): [string, DicomElement] => {
      const at = tagOf(keyword);
      if (at === undefined) throw new Error(`PS3.6 has no ${keyword}`);
      const vr = vrOf(at);
      return [at, Value.length === 0 ? { vr } : { vr, Value }];
    }),
  );
}

function uidOf(level: 'study' | 'series' | 'instance', options: Required<PhantomOptions>): string {
  const { seed, studyDateTime, opacity, photometricInterpretation, rows, columns } = options;
  const study = [String(seed), dateOf(studyDateTime), timeOf(studyDateTime)];
  const picture = [String(opacity), photometricInterpretation, String(rows), String(columns)];
  return derivedUid('wetread chest phantom', VERSION, level, ...study, ...(level === 'instance' ? picture : []));
}

const dateOf = (date: Date): string => date.toISOString().slice(0, 10).replaceAll('-', '');

const timeOf = (date: Date): string => date.toISOString().slice(11, 19).replaceAll(':', '');

const millimetres = (length: number): number => Number(length.toFixed(6));
