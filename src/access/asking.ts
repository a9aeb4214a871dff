/** The ways in: those that data leave by, the issuer's, that of who administers it, that of validation studies and the regulatory file, and that of who runs the server. */
export type Door = 'fhir' | 'dicomweb' | 'graphql' | 'dimse' | 'oauth' | 'access' | 'evidence' | 'operations';

/** The request by which somebody asks, as the record of the access tells of it. */
export interface Asking {
  readonly door: Door;
  /** X-Request-Id (R4 http.html#custom): the client's own where it gave a UUID, else one made here. */
  readonly id: string;
  /** Network address of who asks, as the connection has it. */
  readonly network: string;
  /** What was asked for, below the door's own address: it may name people, and goes nowhere but into a record's sealed part. */
  readonly address: string;
}
