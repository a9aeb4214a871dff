/** The signature of a package: an in-toto Statement v1 in a DSSE envelope v1, as it is made and as it is read again. */

export const ENVELOPE_FILE = 'signatures/package.dsse.json';
/** Of the public keys, each a JWK (RFC 8037). */
export const KEYS_FOLDER = 'signatures/keys/';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'urn:wetread:evidence-package:1';

/** What is signed of a package. */
export interface Statement {
  /** Of tagmanifest-sha512.txt, hex. */
  readonly sha512: string;
  /** What the package is of. */
  readonly identifier: string;
  /** By the server's clock, ISO 8601. */
  readonly signedAt: string;
  readonly software: string;
}

export interface Signature {
  /** RFC 7638 thumbprint of the key. */
  readonly kid: string;
  readonly signature: Uint8Array;
}

/** DSSE protocol, PAE v1: the bytes that are signed. */
export function preAuthenticated(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]);
}

/** The statement as bytes. @param subject  name of the file whose digest it has */
export function statementBytes(subject: string, { sha512, identifier, signedAt, software }: Statement): Buffer {
  return Buffer.from(
    JSON.stringify({
      _type: STATEMENT_TYPE,
      subject: [{ name: subject, digest: { sha512 } }],
      predicateType: PREDICATE_TYPE,
      predicate: { identifier, signedAt, software },
    }),
  );
}

export function envelopeText(payload: Uint8Array, signatures: readonly Signature[]): string {
  return `${JSON.stringify({
    payloadType: PAYLOAD_TYPE,
    payload: Buffer.from(payload).toString('base64'),
    signatures: signatures.map(({ kid, signature }) => ({ keyid: kid, sig: Buffer.from(signature).toString('base64') })),
  })}\n`;
}

/** An envelope's parts. Undefined: the text is not, to the byte, what `envelopeText` makes of them. */
export function readEnvelope(text: string): { readonly payload: Buffer; readonly signatures: readonly Signature[] } | undefined {
  const value = parsed(text) as { payload?: unknown; signatures?: unknown } | undefined;
  if (typeof value?.payload !== 'string' || !Array.isArray(value.signatures)) return undefined;
  const signatures = (value.signatures as readonly ({ keyid?: unknown; sig?: unknown } | null)[]).map((one) => ({
    kid: String(one?.keyid),
    signature: Buffer.from(String(one?.sig), 'base64'),
  }));
  const payload = Buffer.from(value.payload, 'base64');
  return envelopeText(payload, signatures) === text ? { payload, signatures } : undefined;
}

/** What a statement says. Undefined: it is none about a package. */
export function readStatement(subject: string, payload: Buffer): Statement | undefined {
  const value = parsed(payload.toString()) as
    | { subject?: { digest?: { sha512?: unknown } }[]; predicate?: { identifier?: unknown; signedAt?: unknown; software?: unknown } }
    | undefined;
  const said = {
    sha512: String(value?.subject?.[0]?.digest?.sha512),
    identifier: String(value?.predicate?.identifier),
    signedAt: String(value?.predicate?.signedAt),
    software: String(value?.predicate?.software),
  };
  return statementBytes(subject, said).equals(payload) ? said : undefined;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // no JSON is no envelope and no statement
  }
}
