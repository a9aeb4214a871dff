import type { PixelInstanceRow } from '../archive/retrieve.sql.js';
import { allTexts, firstText, tag, type DicomJson } from '../dicom/dicom-json.js';
import { mrSequence, sequenceAttributes, type SequenceVerdict } from './preparation/volume/mr-sequence.js';
import { slicePlanes, type SlicePlane } from './preparation/volume/slice-plane.js';
import type { InstanceAttributes } from './selection.js';

/** An instance as choosing volumes needs it: a few hundred bytes, where its header may have megabytes. */
export interface SeriesInstance {
  readonly row: number;
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  /** SHA-256 of the stored file, hex. */
  readonly sha256: string;
  readonly attributes: InstanceAttributes;
}

/** The instances of a study that are one series. */
export interface StudySeries {
  readonly seriesInstanceUID: string;
  readonly instances: SeriesInstance[];
  /** Of all frames; `instance` is the place in `instances`. */
  readonly planes: SlicePlane[];
  /** What the first instance says of its sequence; for MR. */
  readonly sequence: SequenceVerdict;
  /** Image Type's value 1 is ORIGINAL. */
  readonly original: boolean;
  /** Series, else acquisition, else content date and time, YYYYMMDDHHMMSS…; empty where none is there. */
  readonly acquired: string;
}

/** Frames of a study whose places are held: a study of more is a mistake of its sender. */
const MOST_PLANES = 100_000;

/** Puts an instance into the series it belongs to, which is made where it is the first. */
export function addToSeries(
  study: Map<string, StudySeries>,
  instance: Pick<PixelInstanceRow, 'id' | 'sopClassUID' | 'sopInstanceUID' | 'seriesInstanceUID' | 'sha256'>,
  dataset: DicomJson,
  attributes: InstanceAttributes,
): void {
  const { id: row, sopClassUID, sopInstanceUID, sha256, seriesInstanceUID } = instance;
  const series = study.get(seriesInstanceUID) ?? newSeries(seriesInstanceUID, dataset);
  study.set(seriesInstanceUID, series);
  const place = series.instances.length;
  series.instances.push({ row, sopClassUID, sopInstanceUID, sha256, attributes });
  for (const plane of slicePlanes(dataset, place)) if (series.planes.length < MOST_PLANES) series.planes.push(plane);
}

function newSeries(seriesInstanceUID: string, dataset: DicomJson): StudySeries {
  const text = (group: number, element: number): string => firstText(dataset, tag(group, element))?.trim() ?? '';
  const date = text(0x0008, 0x0021) || text(0x0008, 0x0022) || text(0x0008, 0x0023);
  const time = text(0x0008, 0x0031) || text(0x0008, 0x0032) || text(0x0008, 0x0033);
  return {
    seriesInstanceUID,
    instances: [],
    planes: [],
    sequence: mrSequence(sequenceAttributes(dataset)),
    original: allTexts(dataset, tag(0x0008, 0x0008))[0]?.trim() === 'ORIGINAL',
    acquired: date === '' ? '' : date + time,
  };
}
