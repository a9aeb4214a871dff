import { grantOf, type Grant } from '../access/grant.js';
import { OPERATION_SCOPES, operationOf } from '../access/operation-scopes.js';

/** Scopes that are no resources' (SMART App Launch 2.2, "Scopes and Launch Context"). */
export const OTHER_SCOPES = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
] as const;

/** Those that discovery names: `launch/encounter` is granted only where an EHR's launch says which visit. */
export const TOLD_SCOPES: readonly string[] = [...OTHER_SCOPES.filter((scope) => scope !== 'launch/encounter'), ...OPERATION_SCOPES];

const isOther = (scope: string): boolean => (OTHER_SCOPES as readonly string[]).includes(scope);

/** Whether a text is a scope that this server knows. */
export const isScope = (scope: string): boolean => isOther(scope) || operationOf(scope) !== undefined || grantOf(scope) !== undefined;

export const scopesIn = (text: string | undefined): string[] => [...new Set(text?.split(' ').filter((one) => one !== ''))];

/**
 * What of the scopes that a client asks for it is registered for: in a person's name patient/ and user/, by itself system/ alone; operations
 * (`wetread/…`) by name.
 * Those that are nonsense, or too much, are left out, and the answer says what is left (SMART App Launch 2.2).
 */
export function allowedScopes(asked: readonly string[], registered: string, by: 'person' | 'system'): string[] {
  const mine = scopesIn(registered);
  const grants = mine.map(grantOf).filter((grant) => grant !== undefined);
  return asked.filter((scope) => {
    const grant = grantOf(scope);
    if (operationOf(scope) !== undefined) return mine.includes(scope);
    if (grant === undefined) return by === 'person' && isOther(scope) && mine.includes(scope);
    return (grant.context === 'system') === (by === 'system') && grants.some((one) => covers(one, grant));
  });
}

/** Whether one grant holds all that another does; a filter that is not the same text is another. */
const covers = (wide: Grant, narrow: Grant): boolean =>
  wide.context === narrow.context &&
  (wide.type === '*' || wide.type === narrow.type) &&
  (wide.query === undefined || wide.query === narrow.query) &&
  [...narrow.interactions].every((one) => wide.interactions.has(one));

/** Whether an app wants to know which patient it is about: it says so, or asks for what is within one's compartment. */
export const wantsPatient = (scopes: readonly string[]): boolean =>
  scopes.some((scope) => scope === 'launch/patient' || scope.startsWith('patient/'));
