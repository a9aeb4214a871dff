import { readdirSync } from 'node:fs';
import type { DicomJson } from '../../../../src/dicom/dicom-json.js';
import { slicePlanes, type SlicePlane } from '../../../../src/inference/preparation/volume/slice-plane.js';
import { bytesOf, read } from '../../../dicom/corpus.js';

const dicom = new URL('../../../../../../shared/dicom/', import.meta.url);

/** The data sets of the files of a folder of ../shared/dicom, by name. */
export async function datasetsOf(folder: string): Promise<DicomJson[]> {
  const names = readdirSync(new URL(`${folder}/`, dicom)).filter((name) => name.endsWith('.dcm'));
  return Promise.all(names.sort().map((name) => datasetOf(`${folder}/${name}`)));
}

export const datasetOf = async (path: string): Promise<DicomJson> => (await read(bytesOf(path))).dataset;

export const planesOf = (datasets: readonly DicomJson[]): SlicePlane[] => datasets.flatMap((dataset, i) => slicePlanes(dataset, i));
