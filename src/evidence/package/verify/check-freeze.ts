import { frozenDigest } from '../frozen-digest.js';
import type { Bag } from './bag.js';
import { textIn } from './bag.js';
import type { ElectronicSignature } from './check-signed.js';
import type { Findings } from './findings.js';
import { objectIn } from './lines.js';
import { canonicalOf, Malformed, membersOf, STUDY_FILES, type LockedProtocol } from './study-texts.js';
import type { StudyTables } from '../../analysis/study-tables.js';
import { hash } from 'node:crypto';

/** What two people signed to unblind: the digests of all that results are computed from. */
export const FREEZE_FILE = 'data/01-protocol/freeze.json';
const UNBLIND = ['investigator', 'statistician'];

/**
 * Truth, answers and readings are those that were frozen, and investigator and statistician both signed that before anybody knew the results.
 * Throws Malformed.
 */
export async function checkFreeze(
  bag: Bag,
  { protocol, tables, signatures }: { protocol: LockedProtocol; tables: StudyTables; signatures: readonly ElectronicSignature[] },
  findings: Findings,
): Promise<void> {
  if (!bag.names.includes(FREEZE_FILE))
    return findings.add('missing', FREEZE_FILE, 'it is not there: nothing tells what was frozen and signed to unblind');
  const { content, salts, sha256 } = objectIn((await textIn(bag, FREEZE_FILE)) ?? '') ?? {};
  const said = membersOf(content);
  if (hash('sha256', canonicalOf(said)) !== sha256) throw new Malformed('its digest is not that of its content');
  const salt = String(membersOf(salts)['freeze']);
  const expected = {
    protocolSha256: protocol.sha256,
    manifestSha256: protocol.manifestSha256,
    casesSha256: frozenDigest(salt, tables.cases),
    predictionsSha256: frozenDigest(salt, tables.predictions),
    readingsSha256: frozenDigest(salt, tables.readings),
  };
  const others = Object.entries(expected).filter(([name, digest]) => said[name] !== digest);
  if (others.length > 0) throw new Malformed(`what is in the package is not what was frozen: ${others.map(([name]) => name).join(', ')}`);
  const signed = signatures.filter((one) => one.entityType === 'freeze' && one.recordSha256 === sha256 && one.meaning === 'approval');
  const lacking = UNBLIND.filter((role) => !signed.some((one) => one.role === role));
  if (lacking.length > 0 && findings.has(STUDY_FILES.signatures)) return; // they hold for nothing
  if (lacking.length > 0) return findings.add('missing', FREEZE_FILE, `it is not approved by ${lacking.join(' and ')}`);
  findings.checked.push(
    `what was frozen before the unblinding: protocol, manifest, truth, answers and readings are those that ${signed.map(({ words }) => words).join(' and ')} signed`,
  );
}
