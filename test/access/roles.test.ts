import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { grantOf, grantsOf, type Interaction } from '../../src/access/grant.js';
import { requireOperation } from '../../src/access/operations.js';
import { permitOf } from '../../src/access/permits.js';
import { OPERATIONS, ROLE_PERMITS, rolePermits, ROLES, type Operation, type Role } from '../../src/access/roles.js';
import { aCaller } from '../a-caller.js';

const docs = readFileSync(fileURLToPath(new URL('../../../docs/access.md', import.meta.url)), 'utf8');
const INTERACTIONS: readonly Interaction[] = ['c', 'r', 'u', 'd', 's'];
const letters = (permits: readonly Interaction[]): string =>
  permits.length === 0 ? '–' : INTERACTIONS.filter((one) => permits.includes(one)).join('');

/** A role's line as docs/access.md has it. */
function lineOf(role: Role): string {
  const { resources, operations, ownCompartmentOnly, nobodys = [] } = ROLE_PERMITS[role];
  const { '*': others, ...named } = resources;
  const byLetters = Map.groupBy(
    Object.entries(named),
    ([type, permits]) => `${letters(permits)}${nobodys.includes(type) ? ' of no patient' : ''}`,
  );
  const types = [...byLetters].map(([permits, of]) => `${of.map(([type]) => type).join(', ')}: ${permits}`);
  const all = [
    ...types,
    `${types.length > 0 ? 'others' : 'all'}: ${letters(others)}${ownCompartmentOnly ? ', in the own compartment' : ''}`,
  ];
  return `| \`${role}\` | ${all.join('; ')} | ${operations.map((one) => `\`${one}\``).join(', ') || '–'} |`;
}
const squeezed = (text: string): string => text.replaceAll(/ +\|/g, ' |').replaceAll(/\| +/g, '| ');

describe('The table of roles', () => {
  it.each(ROLES)('stands in docs/access.md as it is in the code: %s', (role) => {
    expect(squeezed(docs)).toContain(lineOf(role));
  });

  it.each(ROLES.flatMap((role) => OPERATIONS.map((operation) => [role, operation] as const)))('%s: %s', (role, operation) => {
    const may = (scopes: string): boolean => {
      try {
        requireOperation(aCaller(role, scopes), operation);
        return true;
      } catch {
        return false;
      }
    };
    expect(may('user/*.cruds')).toBe(ROLE_PERMITS[role].operations.includes(operation));
    // An app that may only look does nothing but look, and one for one patient nothing of the server's own, whoever uses it.
    const isIn = ROLE_PERMITS[role].operations.includes(operation);
    const looking: readonly Operation[] = ['evidence.look', 'evidence.export', 'server.observe', 'access.break-glass'];
    expect(may('user/*.rs')).toBe(isIn && looking.includes(operation));
    expect(may('launch/patient patient/*.cruds user/Observation.cruds')).toBe(isIn && operation === 'report.review');
    expect(may('openid')).toBe(false);
    // The operation by its name is enough, and is no other.
    expect(may(`patient/*.rs wetread/${operation}`)).toBe(isIn);
    expect(may('openid wetread/nothing')).toBe(false);
  });

  it('gives nobody a word in the record of accesses', () => {
    for (const role of ROLES)
      for (const one of ['c', 'u', 'd'] as const) expect([role, rolePermits(role, 'AuditEvent', one)]).toEqual([role, false]);
  });

  it('gives the record to auditors, administrators and systems alone', () => {
    expect(ROLES.filter((role) => rolePermits(role, 'AuditEvent', 's'))).toEqual(['regulatory', 'administrator', 'system']);
  });
});

describe('A scope (SMART App Launch 2.2)', () => {
  it.each([
    ['patient/Observation.rs', { context: 'patient', type: 'Observation', interactions: 'rs' }],
    ['user/*.cruds', { context: 'user', type: '*', interactions: 'cruds' }],
    ['system/DiagnosticReport.c', { context: 'system', type: 'DiagnosticReport', interactions: 'c' }],
    ['user/Patient.read', { context: 'user', type: 'Patient', interactions: 'rs' }],
    ['user/Patient.write', { context: 'user', type: 'Patient', interactions: 'cud' }],
    ['user/*.*', { context: 'user', type: '*', interactions: 'cruds' }],
    ['patient/Observation.rs?category=imaging', { context: 'patient', type: 'Observation', interactions: 'rs', query: 'category=imaging' }],
  ])('%s is understood', (text, expected) => {
    const grant = grantOf(text);
    expect(grant && { ...grant, interactions: [...grant.interactions].sort().join('') }).toEqual({
      ...expected,
      interactions: expected.interactions.split('').sort().join(''),
    });
  });

  it.each([
    'patient/Observation.',
    'patient/Observation.sr',
    'user/observation.rs',
    'openid',
    'launch/patient',
    'other/Patient.rs',
    'user/Patient',
    'user/Patient.rs?',
    'user/Patient.rs?a="b',
  ])('%s grants nothing', (text) => {
    expect(grantOf(text)).toBeUndefined();
  });

  it('opens what the role permits of it, and no more', () => {
    expect(permitOf(aCaller('radiologist', 'user/*.cruds'), 'Observation', 'd')).toBeUndefined();
    expect(permitOf(aCaller('radiologist', 'user/*.cruds'), 'Observation', 'u')).toBe('all');
    expect(permitOf(aCaller('model-admin', 'user/*.cruds'), 'Patient', 'r')).toBeUndefined();
    expect(permitOf(aCaller('reviewer', 'user/Observation.rs'), 'Patient', 'r')).toBeUndefined();
  });

  it('of a patient’s context needs a patient, and a patient’s account is narrowed to itself by any', () => {
    expect(permitOf(aCaller('radiologist', 'patient/*.rs'), 'Patient', 'r')).toBeUndefined();
    expect(permitOf(aCaller('radiologist', 'patient/*.rs', { patient: 'a' }), 'Patient', 'r')).toEqual([{ patient: 'a' }]);
    expect(permitOf(aCaller('patient', 'user/*.rs', { patient: 'a' }), 'Patient', 'r')).toEqual([{ patient: 'a' }]);
    expect(permitOf(aCaller('patient', 'user/*.rs'), 'Patient', 'r')).toBeUndefined();
  });

  it('opens what is of no patient to who sees to models, and all of it where another of their roles has it', () => {
    expect(permitOf(aCaller('model-admin', 'user/*.rs'), 'DocumentReference', 'r')).toEqual([{ isNobodys: true }]);
    expect(permitOf(aCaller('regulatory', 'user/*.rs?_tag=a'), 'Provenance', 's')).toEqual([{ isNobodys: true, query: '_tag=a' }]);
    expect(permitOf(aCaller('regulatory', 'user/*.rs'), 'DeviceDefinition', 'r')).toBe('all');
    const grants = grantsOf('user/*.rs');
    const both = (...roles: Role[]) => permitOf({ ...aCaller('reviewer'), rights: { roles, grants, patient: 'a' } }, 'Device', 'r');
    expect([both('model-admin', 'reviewer'), both('model-admin', 'patient')]).toEqual(['all', [{ isNobodys: true }, { patient: 'a' }]]);
  });

  it('with several parts opens what each opens by itself', () => {
    const caller = aCaller('radiologist', 'patient/Observation.rs?category=a user/Observation.r?category=b', { patient: 'p' });
    expect(permitOf(caller, 'Observation', 'r')).toEqual([{ patient: 'p', query: 'category=a' }, { query: 'category=b' }]);
    expect(permitOf(caller, 'Observation', 's')).toEqual([{ patient: 'p', query: 'category=a' }]);
    expect(grantsOf('openid user/Patient.r launch')).toHaveLength(1);
  });
});
