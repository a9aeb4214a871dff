import type { LedgerEvent, LookFacts } from './ledger-event.js';

/** Ids that this server gives: of others it cannot be told what they say of whom. */
const OWN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What a refused access was to, as far as it may be named in the open; the whole of it is sealed with the record. */
export function refusedEntity(
  type: string | undefined,
  id: string | undefined,
): { readonly entity: LedgerEvent['entity'] } & Pick<LookFacts, 'patients'> {
  const known = id !== undefined && OWN_ID.test(id) ? id : undefined;
  return {
    entity: { type: type ?? 'Resource', id: known ?? 'unknown' },
    ...(type === 'Patient' && known !== undefined && { patients: [known] }),
  };
}
