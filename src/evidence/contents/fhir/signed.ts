import type { Device, Practitioner, Provenance } from 'fhir/r4.js';
import type { Person, SignatureFile } from '../study-file.js';
import type { StudyView } from '../study/study-view.js';
import { instantOf, nonEmpty, type Addresses, type Entry } from './addresses.js';

/** Who signed (R4 Provenance.signature), and the server that the signatures were made at. */
export function signatureEntries({ file }: StudyView, addresses: Addresses): Entry[] {
  const people = new Map(file.signatures.map(({ signer }) => [signer.id, signer]));
  const addressOf = (id: string): string => addresses.of(`person ${id}`);
  const server = addresses.of('server');
  return [
    [
      server,
      {
        resourceType: 'Device',
        deviceName: [{ name: nonEmpty(file.software), type: 'other' }],
        owner: { reference: addresses.organisation },
      } satisfies Device,
    ],
    ...[...people.values()].map((person): Entry => [addressOf(person.id), practitioner(person)]),
    ...file.signatures.map((one): Entry => [
      addresses.of(`signature ${one.id}`),
      provenance(one, { who: addressOf(one.signer.id), server, study: addresses.study }),
    ]),
  ];
}

const practitioner = ({ id, printedName }: Person): Practitioner => ({
  resourceType: 'Practitioner',
  identifier: [{ system: 'urn:wetread:user', value: nonEmpty(id) }],
  name: [{ text: nonEmpty(printedName) }],
});

/** ASTM E1762-95, as R4's signature-type has it: verification of what another made, authorship of one's own. */
const SIGNATURE_TYPES = 'urn:iso-astm:E1762-95:2013';
const typeOf = (meaning: string): { system: string; code: string } =>
  /author/i.test(meaning)
    ? { system: SIGNATURE_TYPES, code: '1.2.840.10065.1.12.1.1' }
    : /review/i.test(meaning)
      ? { system: SIGNATURE_TYPES, code: '1.2.840.10065.1.12.1.8' }
      : { system: SIGNATURE_TYPES, code: '1.2.840.10065.1.12.1.5' };

function provenance(one: SignatureFile, { who, server, study }: { who: string; server: string; study: string }): Provenance {
  return {
    resourceType: 'Provenance',
    target: [{ reference: study }],
    recorded: instantOf(one.signedAt),
    reason: [{ text: nonEmpty(one.meaning) }],
    activity: { text: nonEmpty(`${one.entityType} ${one.entityId}, version ${one.version}, SHA-256 ${one.recordSha256}`) },
    agent: [{ role: [{ text: nonEmpty(one.role) }], who: { reference: who } }],
    signature: [
      {
        type: [typeOf(one.meaning)],
        when: instantOf(one.signedAt),
        who: { reference: who },
        onBehalfOf: { reference: server },
        sigFormat: 'application/jose',
        data: Buffer.from(one.jws).toString('base64'),
      },
    ],
  };
}
