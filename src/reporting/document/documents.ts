import type { DiagnosticReport, Signature } from 'fhir/r4.js';
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { RecordAbsent } from '../../records/faults.js';
import type { Records } from '../../records/records.js';
import { parseSearch } from '../../records/search/parse-search.js';
import type { RecordSearch } from '../../records/search/record-search.js';
import type { VersionRow } from '../../records/store/versions.sql.js';
import type { Signer } from '../../signing/signer.js';
import { SOFTWARE_VERSION } from '../../version.js';
import { compositionOf } from './composition.js';
import { DocumentTooLarge } from './faults.js';

/** All that a report refers to, what that refers to, and who made and reviewed it. */
const BROUGHT = [
  ['_include', '*'],
  ['_include:iterate', '*'],
  ['_revinclude', 'Provenance:target'],
] as const;

/** The server's own seal: the signature of an automated source (ASTM E1762-95; FHIR valueset-signature-type). */
const SOURCE = { system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.14', display: 'Source Signature' };

/** Reports as documents (R4 documents.html): what was said at a time, whole and signed. */
export class Documents {
  constructor(
    private readonly records: Records,
    private readonly search: RecordSearch,
    private readonly signer: Signer,
  ) {}

  /**
   * The document of a report as it stands, JSON text; nothing of it is kept.
   * @param base  the server's FHIR address, as the caller reaches it: what the entries' fullUrls begin with
   * @throws RecordAbsent, RecordGone, DocumentTooLarge
   */
  async of(caller: Caller, id: string, base: string): Promise<string> {
    await this.records.read(caller, 'DiagnosticReport', id); // who is not there has no document; it says which of the two
    const asked = { type: 'DiagnosticReport', parameters: [['_id', id] as [string, string], ...BROUGHT], lenient: false };
    const { search, used } = parseSearch(asked, { base, now: Date.now() });
    const found = await this.search.search(
      caller,
      search,
      used.map(([name]) => name),
    );
    const [row] = found.matches;
    if (row === undefined) throw new RecordAbsent('DiagnosticReport'); // deleted since
    if (found.cutShort) throw new DocumentTooLarge(found.included.length);
    const report = JSON.parse(row.content) as DiagnosticReport & { id: string };
    const composition = compositionOf(report, authorOf(found.included));
    return this.signed([{ type: 'Composition', id: composition.id, content: JSON.stringify(composition) }, row, ...found.included], base);
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

/** Before a person has signed it, the AI's Device is its author. */
function authorOf(included: readonly VersionRow[]) {
  const device = included.find(({ type }) => type === 'Device');
  return device === undefined ? { display: 'unknown' } : { reference: `Device/${device.id}` };
}
