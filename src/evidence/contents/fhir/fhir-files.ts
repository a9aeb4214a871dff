import type { PayloadFile } from '../../package/evidence-package.js';
import type { EndpointView } from '../study/endpoint-view.js';
import { PATHS } from '../study/paths.js';
import type { StudyView } from '../study/study-view.js';
import { ofJson } from '../written/payload.js';
import { studyBundle } from './bundle.js';

/** 12-fhir: the study as others' systems read it. */
export const fhirFiles = (view: StudyView, endpoints: readonly EndpointView[]): PayloadFile[] => [
  ofJson(PATHS.fhir, 'The study as a collection of FHIR R4 resources', () => studyBundle(view, endpoints), 'fhir'),
];
