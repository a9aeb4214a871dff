import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LOCAL_CALLER, type Caller } from '../../src/access/caller.js';
import { keptMaker, Standing, type KeptCaller } from '../../src/access/kept-caller.js';
import type { Role } from '../../src/access/roles.js';
import type { Database } from '../../src/database/database.js';
import { Makers } from '../../src/delivery/makers.js';
import { Edits } from '../../src/records/edit/edits.js';
import { Numbers } from '../../src/records/store/numbers.js';
import { keepBeside } from '../../src/records/store/subscription-owner.sql.js';
import { aCaller } from '../a-caller.js';
import { aDatabase } from '../a-database.js';

let database: Database;
beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.close());

/** An issuer that says one thing of everybody. */
class Saying extends Standing {
  constructor(private readonly roles: readonly Role[] | 'as granted' | undefined) {
    super();
  }
  rolesOf(): Promise<readonly Role[] | 'as granted' | undefined> {
    return Promise.resolve(this.roles);
  }
}

/** As whom a Subscription looks that somebody made, by what their issuer says of them now. */
async function lookerOf(owner: KeptCaller | null, roles: readonly Role[] | 'as granted' | undefined): Promise<Caller | undefined> {
  await database.transaction((tx) => keepBeside(tx, { id: 'one', owner, headers: {} }));
  return new Makers(database, new Edits(database, new Numbers(database)), new Saying(roles)).of('one');
}
const reader = keptMaker(aCaller('radiologist', 'user/*.rs', { id: 'user:ann', tokenId: 't', expires: 1 }));

describe('A Subscription looks as who made it', () => {
  it('with the roles that they have still, and nothing of the token that it was made by', async () => {
    const looker = await lookerOf(reader, ['radiologist', 'reviewer']);
    expect(looker).toMatchObject({ id: 'user:ann', rights: { roles: ['radiologist'] } });
    expect([looker?.tokenId, looker?.expires]).toEqual([undefined, undefined]);
  });

  it('by what they were granted, where their issuer cannot be asked', async () => {
    expect(await lookerOf(reader, 'as granted')).toMatchObject({ id: 'user:ann', rights: { roles: ['radiologist'] } });
    expect(await lookerOf(keptMaker(LOCAL_CALLER), 'as granted')).toEqual(LOCAL_CALLER);
  });

  it('not at all where they are gone, have another role, or were never to read all of it', async () => {
    expect(await lookerOf(reader, undefined)).toBeUndefined();
    expect(await lookerOf(reader, ['model-admin'])).toBeUndefined();
    expect(await lookerOf(keptMaker(aCaller('radiologist', 'user/Subscription.crus')), 'as granted')).toBeUndefined();
  });

  it('not at all where nobody knows who made it, or with which rights', async () => {
    expect(await lookerOf(null, 'as granted')).toBeUndefined();
    expect(await lookerOf({ id: 'user:ann', kind: 'person', tenant: 1 }, ['radiologist'])).toBeUndefined();
  });
});
