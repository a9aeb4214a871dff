/** Who is calling. Until authentication is configured every caller is the local one: the server listens on loopback only. */
export interface Caller {
  readonly id: string;
  readonly kind: 'person' | 'system';
  /** What a token allows (scopes.ts); absent for callers of this machine, who hold all. */
  readonly scopes?: readonly string[];
}

/** Anybody on this machine, while the server listens on loopback. */
export const LOCAL_CALLER: Caller = { id: 'local', kind: 'person' };

/** The server itself: what it stores and issues by its own work. */
export const SERVER_CALLER: Caller = { id: 'wetread', kind: 'system' };
