import { createHash } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import { canonicalText } from '../../signing/canonical.js';
import { addRows } from './add-rows.sql.js';
import { recordsAt } from '../regulatory/regulatory-records.sql.js';
import type { Transaction } from '../../database/transaction.js';
import { IntendedUseAbsent, NothingThere, StudyAbsent } from './faults.js';
import type { Protocol } from './protocol.js';
import { readProtocol } from './read-protocol.js';
import type { StudyDesk } from './study-desk.js';
import { protocolsOf, studyOf, type ProtocolRow } from './studies.sql.js';

/** Protocols of studies: drafts until the lock, amendments after. */
export class Protocols {
  constructor(private readonly desk: StudyDesk) {}

  /**
   * Writes the next version: of the draft, or, of a study that is locked, an amendment, which holds when the three have signed it.
   * @param reason  why it is changed; of an amendment it must be said
   * Throws OperationNotPermitted, StudyAbsent, ProtocolMalformed, PlanContradictory, StudyRuleBroken.
   */
  async write(caller: Caller, study: string, content: unknown, kind: 'protocol' | 'amendment', reason: string): Promise<ProtocolRow> {
    requireOperation(caller, 'evidence.plan');
    const protocol = readProtocol(content);
    const text = canonicalText(protocol);
    const sha256 = createHash('sha256').update(text).digest('hex');
    return this.desk.write(caller, { study, what: 'protocol', changes: { kind, sha256 } }, async (tx) => {
      if ((await studyOf(tx, study)) === undefined) throw new StudyAbsent();
      await needIntendedUse(tx, protocol);
      const version = (await protocolsOf(tx, study)).length + 1;
      await addRows(tx, 'validation_protocol', [{ study, version, kind, content: text, sha256, reason, madeBy: caller.id }]);
      return (await protocolsOf(tx, study))[version - 1];
    });
  }

  /** One version; on record. Throws OperationNotPermitted, StudyAbsent, NothingThere. */
  async version(caller: Caller, study: string, version: number): Promise<ProtocolRow> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study, what: 'protocol', changes: { version } }, async (tx) => {
      const found = (await protocolsOf(tx, study)).find((one) => one.version === version);
      if (found === undefined) throw new NothingThere('protocol');
      return found;
    });
  }
}

/** A protocol names an intended use by a version of the regulatory file, with that very content. Throws IntendedUseAbsent. */
async function needIntendedUse(tx: Transaction, { intendedUse }: Protocol): Promise<void> {
  if (intendedUse === null) return;
  const [record] = await recordsAt(tx, [intendedUse]);
  if (record?.type !== 'intended-use') throw new IntendedUseAbsent();
}
