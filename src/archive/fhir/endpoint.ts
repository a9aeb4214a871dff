import type { Endpoint } from 'fhir/r4.js';
import { resourceId } from '../../records/resource-id.js';

export const endpointId = (): string => resourceId('Endpoint', 'dicom-wado-rs');

/** Where the images of every study of this server are retrieved (R4 endpoint.html; IHE RAD IMR: connection dicom-wado-rs). */
export const endpointResource = (base: string): Endpoint & { id: string } => ({
  resourceType: 'Endpoint',
  id: endpointId(),
  status: 'active',
  connectionType: {
    system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',
    code: 'dicom-wado-rs',
    display: 'DICOM WADO-RS',
  },
  name: 'wetread DICOMweb',
  payloadType: [{ coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '113014', display: 'Study' }], text: 'DICOM' }],
  payloadMimeType: ['application/dicom'],
  address: `${base}/dicom-web`,
});
