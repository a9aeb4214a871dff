import { OPERATIONS, type Operation } from './roles.js';

/** Scopes of this server's own, beside SMART's: each lets an app do one operation for who may do it (`wetread/access.break-glass`). */
const PREFIX = 'wetread/';

export const OPERATION_SCOPES: readonly string[] = OPERATIONS.map((operation) => `${PREFIX}${operation}`);

/** The operation that a scope is of; undefined where it is of none. */
export const operationOf = (scope: string): Operation | undefined => OPERATIONS.find((operation) => scope === `${PREFIX}${operation}`);

/** Those among the scopes of a token, as they stand in its `scope` (RFC 6749 3.3). */
export const operationsOf = (scopes: string): Operation[] => scopes.split(' ').flatMap((scope) => operationOf(scope) ?? []);
