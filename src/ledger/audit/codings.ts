import type { CodeableConcept, Coding } from 'fhir/r4.js';
import {
  APPLICATION_ACTIVITY,
  INSTANCES_ACCESSED,
  INSTANCES_TRANSFERRED,
  QUERY,
  SECURITY_ALERT,
  STUDY_DELETED,
  USER_AUTHENTICATION,
} from '../event-kind.js';

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';

/** What a code is called: DICOM event ids (PS3.16 CID 400, 401) and roles (CID 402), IHE transactions. */
const DISPLAY: Readonly<Record<string, string>> = {
  [APPLICATION_ACTIVITY]: 'Application Activity',
  [INSTANCES_ACCESSED]: 'DICOM Instances Accessed',
  [INSTANCES_TRANSFERRED]: 'DICOM Instances Transferred',
  [STUDY_DELETED]: 'DICOM Study Deleted',
  [QUERY]: 'Query',
  [SECURITY_ALERT]: 'Security Alert',
  [USER_AUTHENTICATION]: 'User Authentication',
  '110122': 'Login',
  '110123': 'Logout',
  '110129': 'Security Configuration',
  '110132': 'Use of Restricted Function',
  '110137': 'User Security Attributes Changed',
  '110150': 'Application',
  '110152': 'Destination Role ID',
  '110153': 'Source Role ID',
  'ITI-71': 'Get Access Token',
  'RAD-107': 'WADO-RS Retrieve',
  'RAD-108': 'Store Instances Over the Web',
  'RAD-129': 'QIDO-RS Query',
};

const coding = (system: string, code: string, display = DISPLAY[code]): Coding => ({
  system,
  code,
  ...(display !== undefined && { display }),
});

/** Systems of AuditEvent.type and .subtype, by their codes. */
export const typeSystem = (type: string): string => (type === 'rest' ? `${TERMINOLOGY}/audit-event-type` : DCM);
export const subtypeSystem = (subtype: string): string =>
  /^(RAD|ITI)-/.test(subtype) ? 'urn:ihe:event-type-code' : /^\d+$/.test(subtype) ? DCM : 'http://hl7.org/fhir/restful-interaction';

export const typeCoding = (type: string): Coding => coding(typeSystem(type), type, type === 'rest' ? 'RESTful Operation' : undefined);
export const subtypeCoding = (subtype: string): Coding =>
  coding(subtypeSystem(subtype), subtype, /^[a-z]/.test(subtype) ? subtype : undefined);

export const dicomRole = (code: '110150' | '110152' | '110153'): Coding => coding(DCM, code);
export const participation = (code: 'IRCP' | 'AUT'): Coding =>
  coding(`${TERMINOLOGY}/v3-ParticipationType`, code, code === 'IRCP' ? 'information recipient' : 'author (originator)');
export const CUSTODIAN = coding(`${TERMINOLOGY}/provenance-participant-type`, 'custodian', 'Custodian');
/** IHE BALP: that the agent's policy is the id of an access token. */
export const OAUTH_AGENT = coding(
  'https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes',
  'UserOauthAgent',
  'User OAuth Agent participant',
);
export const X_REQUEST_ID = coding('https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', 'XrequestId');
export const APPLICATION_SERVER = coding(`${TERMINOLOGY}/security-source-type`, '4', 'Application Server');

/** R4 security-labels.html: something is left out. */
export const REDACTED = coding(`${TERMINOLOGY}/v3-ObservationValue`, 'REDACTED', 'redacted');

export const entityType = (code: '1' | '2'): Coding =>
  coding(`${TERMINOLOGY}/audit-entity-type`, code, code === '1' ? 'Person' : 'System Object');
const ROLES = { '1': 'Patient', '4': 'Domain Resource', '24': 'Query' } as const;
export const entityRole = (code: keyof typeof ROLES): Coding => coding(`${TERMINOLOGY}/object-role`, code, ROLES[code]);

/** Why, in the codes of v3-PurposeOfUse; the caller's own words beside it. */
export const purpose = (code: string, words: string | undefined): CodeableConcept => ({
  coding: [coding(`${TERMINOLOGY}/v3-ActReason`, code)],
  ...(words !== undefined && { text: words }),
});

export const roleConcept = (role: string): CodeableConcept => ({ coding: [{ system: 'urn:wetread:role', code: role }], text: role });
