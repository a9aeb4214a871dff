import type { DicomJson } from '../../dicom/dicom-json.js';
import { dicomJsonText } from '../../dicom/dicom-json-text.js';
import { dicomXml } from '../../dicom/dicom-xml.js';

export const DICOM_JSON = 'application/dicom+json';
export const DICOM_XML = 'application/dicom+xml';

/** One data set as a body of the form that was asked for (PS3.18 Annex F; PS3.19 Annex A). */
export const datasetBody = (dataset: DicomJson, form: string): string => (form === DICOM_XML ? dicomXml(dataset) : dicomJsonText(dataset));
