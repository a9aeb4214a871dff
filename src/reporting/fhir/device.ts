import type { Device } from 'fhir/r4.js';
import { narrative } from '../../records/narrative.js';
import { resourceId } from '../../records/resource-id.js';
import type { PreliminaryReport } from '../preliminary-report.js';
import { AI_KIND, ARTIFICIAL_INTELLIGENCE, modelCardDescription } from './ai-transparency.js';
import { MODEL_SHA256, WETREAD_CODES } from './codes.js';
import { modelCardId } from './model-card.js';

export const deviceId = ({ model }: Pick<PreliminaryReport, 'model'>): string =>
  resourceId('Device', model.name, model.version, model.sha256);

/** The model version as a Device (R4 device.html; HL7 AI Transparency, AI Device: its kind, its model card). */
export function deviceResource({ model, softwareVersion }: PreliminaryReport): Device & { id: string } {
  return {
    resourceType: 'Device',
    id: deviceId({ model }),
    meta: { profile: ['urn:wetread:profile:ai-model'] },
    text: narrative(`${model.title}, version ${model.version}`, model.intendedUse),
    extension: [AI_KIND, modelCardDescription(`DocumentReference/${modelCardId({ model })}`)],
    identifier: [{ system: MODEL_SHA256, value: model.sha256 }],
    status: 'active',
    manufacturer: model.manufacturer,
    modelNumber: model.name,
    deviceName: [{ name: model.title, type: 'user-friendly-name' }],
    type: ARTIFICIAL_INTELLIGENCE,
    version: [
      { type: { text: 'model version' }, value: model.version },
      { type: { text: 'model sha256' }, value: model.sha256 },
      { type: { text: 'wetread version' }, value: softwareVersion },
    ],
    property: [
      {
        type: { coding: [{ system: WETREAD_CODES, code: 'not-for-clinical-use' }], text: 'Not for clinical use' },
        valueCode: [{ text: model.notForClinicalUse ? 'yes' : 'no' }],
      },
    ],
    note: [{ text: model.intendedUse }, ...model.limitations.map((text) => ({ text }))],
  };
}
