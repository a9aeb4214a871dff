import type { AuditEvent, AuditEventAgent, AuditEventEntity, CodeableConcept, Coding, Reference } from 'fhir/r4.js';
import { attributeText } from '../../records/xml/attribute-text.js';

/** What the schema of PS3.15 calls the code systems that it knows by names. */
const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  'http://dicom.nema.org/resources/ontology/DCM': 'DCM',
  'urn:ihe:event-type-code': 'IHE Transactions',
};

/** What XML 1.0 cannot hold (2.2). */
// oxlint-disable-next-line no-control-regex
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** An element; attributes that are undefined are left out. */
function element(name: string, attributes: Readonly<Record<string, string | undefined>>, ...content: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escaped(value)}"`]));
  return content.length === 0 ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content.join('')}</${name}>`;
}

const escaped = (text: string): string => attributeText(text.replaceAll(UNSPEAKABLE, '\ufffd'));

const coded = (name: string, { system = '', code, display }: Coding): string =>
  element(name, { 'csd-code': code, codeSystemName: SYSTEM_NAMES[system] ?? system, originalText: display ?? code });

/** An AuditEvent as an audit message of DICOM (PS3.15 A.5.1), which is what IHE ATNA's repositories take. */
export function auditMessage(event: AuditEvent): string {
  const { type, subtype = [], action, recorded, outcome, agent, source, entity = [] } = event;
  return [
    '<?xml version="1.0" encoding="UTF-8"?><AuditMessage>',
    element(
      'EventIdentification',
      { EventActionCode: action, EventDateTime: recorded, EventOutcomeIndicator: outcome },
      coded('EventID', type),
      ...subtype.map((one) => coded('EventTypeCode', one)),
    ),
    ...agent.map(participant),
    element(
      'AuditSourceIdentification',
      { AuditSourceID: nameOf(source.observer) },
      ...(source.type ?? []).map(({ code, display }) =>
        element('AuditSourceTypeCode', { 'csd-code': code, codeSystemName: 'RFC-3881', originalText: display }),
      ),
    ),
    ...entity.map(object),
    '</AuditMessage>',
  ].join('');
}

function participant({ who, altId, name, requestor, type, role = [], network }: AuditEventAgent): string {
  const roles = [...(type?.coding ?? []), ...role.flatMap(({ coding = [] }: CodeableConcept) => coding)];
  return element(
    'ActiveParticipant',
    {
      UserID: nameOf(who),
      AlternativeUserID: altId,
      UserName: name,
      UserIsRequestor: String(requestor),
      NetworkAccessPointID: network?.address,
      NetworkAccessPointTypeCode: network?.address === undefined ? undefined : network.type,
    },
    ...roles.map((one) => coded('RoleIDCode', one)),
  );
}

/** Of ids only Patients' have a code of the schema: 2, Patient Number. */
function object({ what, type, role, query, description, detail = [] }: AuditEventEntity): string {
  const isPatient = role?.code === '1';
  const id = what?.reference ?? what?.identifier?.value ?? description ?? 'query';
  const typeCode = isPatient
    ? { code: '2', display: 'Patient Number' }
    : role?.code === '24'
      ? { code: '10', display: 'Search Criteria' }
      : { code: '12', display: 'URI' };
  return element(
    'ParticipantObjectIdentification',
    {
      ParticipantObjectID: id,
      ParticipantObjectTypeCode: /^\d$/.test(type?.code ?? '') ? type?.code : '4',
      ParticipantObjectTypeCodeRole: role?.code,
    },
    element('ParticipantObjectIDTypeCode', {
      'csd-code': typeCode.code,
      codeSystemName: 'RFC-3881',
      originalText: role === undefined ? (type?.code ?? typeCode.display) : typeCode.display,
    }),
    query === undefined ? element('ParticipantObjectName', {}, escaped(id)) : element('ParticipantObjectQuery', {}, query),
    ...detail.map((one) =>
      element('ParticipantObjectDetail', { type: one.type, value: Buffer.from(one.valueString ?? '').toString('base64') }),
    ),
  );
}

const nameOf = (reference: Reference | undefined): string =>
  reference?.reference ?? reference?.identifier?.value ?? reference?.display ?? 'unknown';
