import type { HumanName, Patient } from 'fhir/r4.js';
import { grantsOf } from '../../access/grant.js';
import { serverCaller, type Caller } from '../../access/caller.js';
import { rolePermits } from '../../access/roles.js';
import { inTenant } from '../../database/scope.js';
import { Fault } from '../../faults.js';
import type { Account } from '../../issuer/accounts.sql.js';
import type { PublicAddress } from '../../public-address.js';
import { RecordAbsent, RecordGone } from '../../records/faults.js';
import { Records } from '../../records/records.js';
import { parseSearch } from '../../records/search/parse-search.js';
import type { RecordSearch } from '../../records/search/record-search.js';
import { sought } from '../../records/search/sought.js';
import type { PatientLine } from './login-pages.js';

const MOST_FOUND = '20';
const LONGEST_ASKED = 200;

/** The account may look at nobody. */
export class NoPatients extends Fault {
  readonly code = 'no-patients';
  readonly status = 403;

  constructor() {
    super('This account may not look at patients.');
  }
}

/** Patients, as an account may find them that chooses whom an app is about. */
export class Patients {
  constructor(
    private readonly records: Records,
    private readonly search: RecordSearch,
    private readonly address: PublicAddress,
  ) {}

  /** By beginnings of names, by an identifier or by the id. Throws NoPatients. */
  find(account: Account, client: string, asked: string): Promise<PatientLine[]> {
    return inTenant(account.tenant, () => this.findHere(account, client, asked));
  }

  private async findHere(account: Account, client: string, asked: string): Promise<PatientLine[]> {
    const caller = callerFor(account, client);
    const words = asked.slice(0, LONGEST_ASKED).trim().split(/\s+/).map(escaped);
    const whole = escaped(asked.slice(0, LONGEST_ASKED).trim());
    const searches = [words.map((word) => ['name', word] as const), [['identifier', whole] as const], [['_id', whole] as const]];
    const lines = new Map<string, PatientLine>();
    for (const parameters of searches)
      for (const line of await this.found(caller, [...parameters, ['_count', MOST_FOUND]])) lines.set(line.id, line);
    return [...lines.values()];
  }

  /** One, who is there and whom the account may see. Throws NoPatients, RecordAbsent, RecordGone. */
  async one(account: Account, client: string, id: string): Promise<PatientLine> {
    const { content } = await inTenant(account.tenant, () => this.records.read(callerFor(account, client), 'Patient', id));
    return lineOf(content);
  }

  /** Whether an organisation has such a person, by `Patient/…`, `Practitioner/…`: for who makes an account of one, and may see no patients. */
  async has(tenant: number, reference: string): Promise<boolean> {
    const [type, id] = reference.split('/');
    try {
      await inTenant(tenant, () => this.records.there(serverCaller(tenant), type, id));
      return true;
    } catch (error) {
      if (error instanceof RecordAbsent || error instanceof RecordGone) return false;
      throw error;
    }
  }

  private async found(caller: Caller, parameters: readonly (readonly [string, string])[]): Promise<PatientLine[]> {
    const { search, used } = parseSearch({ type: 'Patient', parameters, lenient: false }, { base: this.address.fhir, now: Date.now() });
    const page = await this.search.search(caller, search, sought({ type: 'Patient' }, used));
    return page.matches.map(({ content }) => lineOf(content));
  }
}

/** Throws NoPatients where no role of the account may. */
export function checkMayLook({ roles }: Account): void {
  if (!roles.some((role) => rolePermits(role, 'Patient', 'r') && rolePermits(role, 'Patient', 's'))) throw new NoPatients();
}

/** The account, with no more than this needs. */
function callerFor(account: Account, client: string): Caller {
  checkMayLook(account);
  const { id, tenant, roles, fhirUser, patient } = account;
  const rights = { roles, grants: grantsOf('user/Patient.rs'), ...(patient !== null && { patient }) };
  return { id: `user:${id}`, kind: 'person', tenant, rights, client, ...(fhirUser !== null && { fhirUser }) };
}

/** Letters that mean something to a search (R4 search.html#escaping). */
const escaped = (text: string): string => text.replaceAll(/[\\$,|]/g, String.raw`\$&`).replaceAll('\0', '');

/** As it is stored, and so valid. */
function lineOf(content: string): PatientLine {
  const { id = '', name, birthDate } = JSON.parse(content) as Patient;
  return { id, name: nameOf(name?.[0]), birthDate: birthDate ?? 'unknown' };
}

function nameOf(name: HumanName | undefined): string {
  const parts = [name?.family?.toUpperCase(), name?.given?.join(' ')].filter((part) => part !== undefined && part !== '');
  return name?.text ?? (parts.length === 0 ? 'Nameless' : parts.join(', '));
}
