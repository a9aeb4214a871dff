import type { DiagnosticReport, Provenance, Signature } from 'fhir/r4.js';
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import type { Database } from '../../database/database.js';
import type { AccessLog } from '../../ledger/access-log.js';
import { RecordAbsent } from '../../records/faults.js';
import type { Records } from '../../records/records.js';
import { parseSearch } from '../../records/search/parse-search.js';
import { requireOpen } from '../../records/search/open-among.sql.js';
import { findPage } from '../../records/search/record-search.js';
import type { Search } from '../../records/search/search.js';
import type { VersionRow } from '../../records/store/versions.sql.js';
import type { Signer } from '../../signing/signer.js';
import { SOFTWARE_VERSION } from '../../version.js';
import { aiProvenanceId } from '../fhir/provenance.js';
import { readdressedId } from '../fhir/readdressed-provenance.js';
import { reviewId } from '../review/review-provenance.js';
import { compositionOf } from './composition.js';
import { DocumentTooLarge } from './faults.js';

/** All that a report refers to, and what that refers to. */
const BROUGHT: readonly [string, string][] = [
  ['_include', '*'],
  ['_include:iterate', '*'],
];

/** The server's own seal: the signature of an automated source (ASTM E1762-95; FHIR valueset-signature-type). */
const SOURCE = { system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.14', display: 'Source Signature' };

/** The last versions of a report whose Provenances are looked for. */
const MOST_VERSIONS = 40;

/** Reports as documents (R4 documents.html): what was said at a time, whole and signed. */
export class Documents {
  constructor(
    private readonly database: Database,
    private readonly records: Records,
    private readonly accessLog: AccessLog,
    private readonly signer: Signer,
  ) {}

  /**
   * The document of a report as it stands, JSON text; nothing of it is kept.
   * @param base  the server's FHIR address, as the caller reaches it: what the entries' fullUrls begin with
   * @throws RecordAbsent, RecordGone, DocumentTooLarge; NotPermitted where something of it is not open to the caller
   */
  async of(caller: Caller, id: string, base: string): Promise<string> {
    await this.records.there(caller, 'DiagnosticReport', id); // who is not there has no document; it says which of the two
    const all = { ...caller, rights: undefined }; // a part of a document is none: what of it is not open is found below
    const [found, by] = await this.database.snapshot(async (tx) => {
      const report = await findPage(tx, all, searchOf('DiagnosticReport', [['_id', id], ...BROUGHT], base));
      const versions = report.matches.map(({ version }) => version).at(0) ?? 0;
      // Of the server's own making alone: anybody may write a Provenance.
      const own = provenanceIds(id, versions).join(',');
      return [
        report,
        await findPage(
          tx,
          all,
          searchOf(
            'Provenance',
            [
              ['_id', own],
              ['_count', '100'],
              ['_include', '*'],
            ],
            base,
          ),
        ),
      ] as const;
    });
    await this.database.statement((tx) => requireOpen(tx, caller, [...found.matches, ...found.included, ...by.matches, ...by.included]));
    const [row] = found.matches;
    if (row === undefined) throw new RecordAbsent('DiagnosticReport'); // deleted since
    if (found.cutShort || by.cutShort) throw new DocumentTooLarge(found.included.length);
    const report = JSON.parse(row.content) as DiagnosticReport & { id: string };
    const reviews = by.matches.map(({ content }) => JSON.parse(content) as Provenance).filter(({ signature }) => signature !== undefined);
    const composition = compositionOf(report, authorOf(found.included), reviews);
    const first = { type: 'Composition', id: composition.id, content: JSON.stringify(composition) };
    const entries = new Map([first, row, ...found.included, ...by.matches, ...by.included].map((one) => [`${one.type}/${one.id}`, one]));
    await this.accessLog.record({
      caller,
      entity: { type: 'DiagnosticReport', id },
      what: 'document',
      details: { version: row.version, resources: entries.size },
      patients: row.patients ?? [],
    });
    return this.signed([...entries.values()], base);
  }

  private async signed(entries: readonly Pick<VersionRow, 'type' | 'id' | 'content'>[], base: string): Promise<string> {
    const [when, uuid] = [new Date().toISOString(), randomUUID()];
    const entry = entries.map(({ type, id, content }) => `{"fullUrl":${JSON.stringify(`${base}/${type}/${id}`)},"resource":${content}}`);
    const head = `{"resourceType":"Bundle","id":"${uuid}","meta":{"lastUpdated":"${when}"}`;
    const said = `"identifier":{"system":"urn:ietf:rfc:3986","value":"urn:uuid:${uuid}"},"type":"document","timestamp":"${when}","entry":[${entry.join(',')}]`;
    // R4 json.html#canonical, #document: all but the Bundle's own id, meta and signature.
    const jws = await this.signer.signDetached(JSON.parse(`{"resourceType":"Bundle",${said}}`) as object);
    const signature: Signature = {
      type: [SOURCE],
      when,
      who: { display: `wetread ${SOFTWARE_VERSION}` },
      targetFormat: 'application/fhir+json;canonicalization=http://hl7.org/fhir/canonicalization/json#document',
      sigFormat: 'application/jose',
      data: Buffer.from(jws).toString('base64'),
    };
    return `${head},${said},"signature":${JSON.stringify(signature)}}`;
  }
}

/** What the server itself says of a report and its versions. */
const provenanceIds = (id: string, versions: number): string[] => {
  const each = Array.from({ length: Math.min(versions, MOST_VERSIONS) }, (_, i) => versions - i);
  return [aiProvenanceId(id), ...each.flatMap((version) => [reviewId(id, version), readdressedId(id, version)])];
};

const searchOf = (type: string, parameters: readonly (readonly [string, string])[], base: string): Search =>
  parseSearch({ type, parameters, lenient: false }, { base, now: Date.now() }).search;

/** Before a person has signed it, the AI's Device is its author. */
function authorOf(included: readonly VersionRow[]) {
  const device = included.find(({ type }) => type === 'Device');
  return device === undefined ? { display: 'unknown' } : { reference: `Device/${device.id}` };
}
