import { EVENTS_FILE } from './check-ledger.js';
import type { ElectronicSignature } from './check-signed.js';
import type { Findings } from './findings.js';
import { ALL_STEPS, type LedgerFacts } from './ledger-facts.js';
import { some } from './study-texts.js';

/**
 * The order in time, by the numbers of the ledger's records: the protocol was signed before the model read the first case, a reader was shown
 * one, or the study was unblinded; an amendment before that.
 */
export function checkOrder({ signed, first }: LedgerFacts, signatures: readonly ElectronicSignature[], findings: Findings): void {
  const versions = signatures.filter(({ entityType }) => entityType === 'protocol').toSorted((a, b) => a.version - b.version);
  const [locked, inForce] = [versions[0], versions[versions.length - 1]];
  if (locked === undefined) return; // that nobody signed it is found
  const unsigned = new Set(versions.filter(({ recordSha256 }) => !signed.has(recordSha256)).map(({ version }) => version));
  if (unsigned.size > 0)
    return findings.add('missing', EVENTS_FILE, `no record tells that version ${some([...unsigned])} of the protocol was signed`);
  const [lock, last] = [locked, inForce].map(({ recordSha256 }) => signed.get(recordSha256) as number); // each has one
  const before = findings.all.length;
  for (const [step, seq] of first)
    if (seq <= lock) findings.add('changed', EVENTS_FILE, `${step} (record ${seq}) before the protocol was signed (record ${lock})`);
  if (!first.has('the study was unblinded')) findings.add('missing', EVENTS_FILE, 'no record tells that the study was unblinded');
  const unblinded = first.get('the study was unblinded') ?? Infinity;
  if (unblinded <= last)
    findings.add(
      'changed',
      EVENTS_FILE,
      `the protocol that is there was signed (record ${last}) after the study was unblinded (record ${unblinded})`,
    );
  if (findings.all.length > before) return;
  const steps = ALL_STEPS.map((step) => (first.has(step) ? `${step} (record ${first.get(step)})` : `no record tells that ${step}`));
  const amended =
    inForce.version === locked.version
      ? ''
      : `; version ${inForce.version} is an amendment (record ${last}), signed before the study was unblinded`;
  findings.checked.push(
    `the order, by the ledger: version ${locked.version} of the protocol was signed (record ${lock}) before the first of these: ${steps.join('; ')}${amended}`,
  );
}
