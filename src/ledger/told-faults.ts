const told = new WeakSet<object>();

/** A fault of what is on record by itself: whoever puts refusals on record leaves it out. */
export function onRecord<F extends Error>(fault: F): F {
  told.add(fault);
  return fault;
}

export const isOnRecord = (thrown: object): boolean => told.has(thrown);
