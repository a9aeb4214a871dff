import type { Caller } from '../src/access/caller.js';
import { grantsOf } from '../src/access/grant.js';
import { operationsOf } from '../src/access/operation-scopes.js';
import type { Role } from '../src/access/roles.js';

/** A caller of one role, with a token that grants all that the role may do unless told otherwise. */
export const aCaller = (role: Role, scopes = 'user/*.cruds', more: Partial<Caller> & { patient?: string } = {}): Caller => ({
  id: role,
  kind: role === 'system' ? 'system' : 'person',
  tenant: 1,
  rights: {
    roles: [role],
    grants: grantsOf(scopes),
    operations: operationsOf(scopes),
    ...(more.patient === undefined ? {} : { patient: more.patient }),
  },
  ...more,
});
