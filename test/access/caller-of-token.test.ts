import { describe, expect, it } from '@jest/globals';
import { callerOfToken, type ClaimNames } from '../../src/access/caller-of-token.js';
import type { Role } from '../../src/access/roles.js';

const names = (said: Partial<ClaimNames>): ClaimNames => ({
  isOwn: false,
  roles: 'roles',
  meanings: undefined,
  tenant: 'tenant',
  needsTenant: false,
  ...said,
});
const rolesOf = (claims: object, said: Partial<ClaimNames>): readonly Role[] | undefined =>
  callerOfToken({ sub: 'somebody', scope: 'user/*.rs', ...claims }, names(said)).rights?.roles;
const MACHINE = { sub: 'machine', client_id: 'machine', scope: 'system/*.rs' };

describe('Roles of an outside issuer’s token', () => {
  it('stand in a claim by its name, dots and all, or by a path', () => {
    const claim = 'https://wetread.example/roles';
    expect(rolesOf({ [claim]: ['radiologist'] }, { roles: claim })).toEqual(['radiologist']);
    expect(rolesOf({ realm_access: { roles: ['reviewer'] } }, { roles: 'realm_access.roles' })).toEqual(['reviewer']);
    expect(callerOfToken({ sub: 'a', 'https://wetread.example/org': 3 }, names({ tenant: 'https://wetread.example/org' })).tenant).toBe(3);
  });

  it('are what the settings make of its words: one that they leave out is none, also of a system', () => {
    const meanings = new Map<string, Role>([['Readers', 'radiologist']]);
    expect(rolesOf({ roles: ['Readers', 'system', 'Machines'] }, { meanings })).toEqual(['radiologist']);
    expect(rolesOf({ ...MACHINE, roles: ['Machines'] }, { meanings })).toEqual([]);
    expect(rolesOf(MACHINE, { meanings })).toEqual([]);
    expect(rolesOf({ ...MACHINE, roles: ['Readers'] }, { meanings })).toEqual(['radiologist']);
  });

  it('are the server’s own words where no settings say otherwise; a system that names none is one', () => {
    expect(rolesOf({ ...MACHINE, roles: ['offline_access'] }, {})).toEqual(['system']);
    expect(rolesOf({ roles: ['system'] }, {})).toEqual([]);
  });
});
