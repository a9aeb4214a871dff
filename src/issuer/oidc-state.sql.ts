import type { Transaction } from '../database/transaction.js';
import { onRecord } from './on-record.js';
import { grantMark } from './token-marks.js';

/** How long an access token of a person may still be good after its grant is gone: the longest that one is issued for. */
export const ACCESS_TOKEN_SECONDS = 3_600;

export interface State {
  readonly model: string;
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Seconds from now; undefined: it stays. */
  readonly lastsSeconds: number | undefined;
}

export interface StateRow extends Record<string, unknown> {
  readonly payload: Record<string, unknown>;
  readonly consumedAt: Date | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const VALUES = `($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 s')`;
const COLUMNS = '(model, id, payload, grant_id, uid, account_id, client_id, expires)';

function valuesOf({ model, id, payload, lastsSeconds }: State): unknown[] {
  const { grantId, uid, clientId } = payload;
  return [model, id, JSON.stringify(payload), text(grantId), text(uid), accountIn(payload), text(clientId), lastsSeconds ?? null];
}

/** Whose it is: of a login under way who has just proved who they are, or has a session already. */
function accountIn(payload: State['payload']): string | null {
  const { accountId, result, session, lastSubmission } = payload as Partial<Record<string, Readonly<Record<string, unknown>>>>;
  const logins = [result, lastSubmission].map((one) => (one?.['login'] as { readonly accountId?: unknown } | undefined)?.accountId);
  return [accountId, ...logins, session?.['accountId']].map(text).find((one) => one !== null) ?? null;
}

export const putState = (tx: Transaction, state: State): Promise<number> =>
  tx.run(
    `INSERT INTO oidc_state ${COLUMNS} VALUES ${VALUES}
     ON CONFLICT (model, id) DO UPDATE SET payload = EXCLUDED.payload, grant_id = EXCLUDED.grant_id, uid = EXCLUDED.uid,
       account_id = EXCLUDED.account_id, client_id = EXCLUDED.client_id, expires = EXCLUDED.expires`,
    valuesOf(state),
    'issuer.put',
  );

/** False where there is one already that has not expired: the unique key decides between two at once. */
export const putNewState = async (tx: Transaction, state: State): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO oidc_state ${COLUMNS} VALUES ${VALUES}
     ON CONFLICT (model, id) DO UPDATE SET payload = EXCLUDED.payload, expires = EXCLUDED.expires WHERE oidc_state.expires < now()`,
    valuesOf(state),
  )) === 1;

const FOUND = 'payload, consumed_at AS "consumedAt"';

export const findState = async (tx: Transaction, model: string, id: string): Promise<StateRow | undefined> =>
  (
    await tx.rows<StateRow>(
      `SELECT ${FOUND} FROM oidc_state WHERE model = $1 AND id = $2 AND (expires IS NULL OR expires > now())`,
      [model, id],
      'issuer.find',
    )
  )[0];

export const findStateByUid = async (tx: Transaction, model: string, uid: string): Promise<StateRow | undefined> =>
  (
    await tx.rows<StateRow>(`SELECT ${FOUND} FROM oidc_state WHERE model = $1 AND uid = $2 AND (expires IS NULL OR expires > now())`, [
      model,
      uid,
    ])
  )[0];

/** Uses something up; undefined where it was used before, or is not there. */
export const consumeState = async (tx: Transaction, model: string, id: string): Promise<StateRow | undefined> =>
  (
    await tx.rows<StateRow>(
      `UPDATE oidc_state SET consumed_at = now() WHERE model = $1 AND id = $2 AND consumed_at IS NULL AND (expires IS NULL OR expires > now())
       RETURNING ${FOUND}`,
      [model, id],
    )
  )[0];

export const dropState = (tx: Transaction, model: string, id: string): Promise<number> =>
  tx.run('DELETE FROM oidc_state WHERE model = $1 AND id = $2', [model, id]);

export const dropStateOfGrant = (tx: Transaction, model: string, grantId: string): Promise<number> =>
  tx.run('DELETE FROM oidc_state WHERE grant_id = $2 AND model = $1', [model, grantId]);

/** All of a kind that an account has. */
export const dropStateOfModel = (tx: Transaction, model: string, accountId: string): Promise<number> =>
  tx.run('DELETE FROM oidc_state WHERE account_id = $2 AND model = $1', [model, accountId]);

export async function dropExpiredState(tx: Transaction): Promise<void> {
  await tx.run(`DELETE FROM oidc_state WHERE expires < now() - interval '1 minute'`);
  await forgetRevoked(tx);
}

/** Ends a grant: what was given by it, and the access tokens that are out. */
export async function endGrant(tx: Transaction, grantId: string): Promise<void> {
  await revoke(tx, [grantMark(grantId)]);
  const [owner] = await tx.rows<{ tenant: number }>(
    `SELECT account.tenant FROM oidc_state JOIN account ON account.id = oidc_state.account_id::uuid WHERE model = 'Grant' AND oidc_state.id = $1`,
    [grantId],
  );
  await onRecord(tx, {
    tenant: owner?.tenant,
    actor: 'wetread',
    action: 'access.ended',
    entity: { type: 'Grant', id: grantMark(grantId) },
  });
  await tx.run(`DELETE FROM oidc_state WHERE grant_id = $1 OR (model = 'Grant' AND id = $1)`, [grantId]);
}

/** Ends all of an account: logins under way, sessions, grants, second factors that are being set up. */
export const dropStateOfAccount = (tx: Transaction, accountId: string): Promise<void> => endAll(tx, 'account_id', accountId);

/** Ends all grants of a client, and the tokens that it got by itself. @param generation  that it has now, and must not have after this */
export async function dropStateOfClient(tx: Transaction, clientId: string, generation: string): Promise<void> {
  await endAll(tx, 'client_id', clientId);
  await revoke(tx, [grantMark(generation)]);
}

async function endAll(tx: Transaction, column: 'account_id' | 'client_id', id: string): Promise<void> {
  const gone = await tx.rows<{ model: string; id: string }>(`DELETE FROM oidc_state WHERE ${column} = $1 RETURNING model, id`, [id]);
  await revoke(
    tx,
    gone.filter(({ model }) => model === 'Grant').map((grant) => grantMark(grant.id)),
  );
}

/** Takes tokens back that would be good for another hour at most. */
export const revoke = (tx: Transaction, marks: readonly string[], lastSeconds = ACCESS_TOKEN_SECONDS): Promise<number> =>
  tx.run(
    `INSERT INTO revoked_token (mark, expires) SELECT mark, now() + ($2::float8 + 60) * interval '1 s' FROM unnest($1::text[]) AS mark
     ON CONFLICT DO NOTHING`,
    [marks, lastSeconds],
  );

export const revokedMarks = async (tx: Transaction): Promise<string[]> =>
  (await tx.rows<{ mark: string }>('SELECT mark FROM revoked_token WHERE expires > now()', [], 'issuer.revoked')).map(({ mark }) => mark);

export const forgetRevoked = (tx: Transaction): Promise<number> => tx.run('DELETE FROM revoked_token WHERE expires < now()');
