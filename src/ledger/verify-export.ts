#!/usr/bin/env node
/**
 * Checks an exported ledger (ledger.ndjson) without the server, its database or anything but Node: `node verify-ledger.mjs ledger.ndjson`.
 * This file stands alone: it is handed out with the export, and imports nothing of the server's.
 *
 * Each record's hash is computed anew from its text and the hash before it, the Merkle tree (RFC 9162 2.1) from those, and each checkpoint
 * is compared with it and its Ed25519 signature checked. `--trust FILE` takes a checkpoint that was kept elsewhere (its text as it was
 * signed, three lines): the export must hold it. `--keys FILE` takes the public keys (JWKS) from elsewhere than from the export itself.
 * Exit 0: whole; 1: changed, and where; 2: it ends too early, or cannot be read; 3: a signature does not hold.
 */
import { createPublicKey, hash, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { createReadStream, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const FORM = 'wetread-ledger-1';
const LABEL = Buffer.from('wetread-audit-v1\0', 'latin1');
const EVENT = Buffer.from('{"event":');
const HASH = Buffer.from(',"hash":"');
/** `,"hash":"` 64 digits `"}` */
const TAIL = HASH.length + 64 + 2;
const NEWLINE = 10;

type Code = 'E_FORM' | 'E_GAP' | 'E_HASH' | 'E_TRUNCATED' | 'E_CHECKPOINT' | 'E_SIGNATURE';
export type ExportVerdict =
  | {
      readonly whole: true;
      readonly records: number;
      readonly checkpoints: number;
      readonly head: string;
      readonly root: string;
      readonly trusted: boolean;
    }
  | { readonly whole: false; readonly code: Code; readonly seq: number; readonly words: string };

/** What was kept elsewhere, and must be found. */
export interface Trusted {
  readonly size: number;
  /** Of the tree, or of the last link, hex. */
  readonly root?: string;
  readonly head?: string;
}

const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

class Broken extends Error {
  constructor(
    readonly code: Code,
    readonly seq: number,
    words: string,
  ) {
    super(words);
  }
}

/** Goes through an export, line by line. */
export class ExportCheck {
  records = 0;
  checkpoints = 0;
  private readonly link = Buffer.concat([LABEL, Buffer.alloc(64)]); // label || hash before || SHA-256 of the event
  private readonly leaf = Buffer.alloc(33);
  private readonly node = Buffer.alloc(65, 1);
  private readonly peaks: Buffer[] = [];
  private last = Buffer.alloc(32).toString('hex');
  private keys: ReadonlyMap<string, KeyObject> | undefined;
  private origin = '';
  private hasBegun = false;
  private found = false;

  constructor(
    private readonly trusted?: Trusted,
    keys?: readonly JsonWebKey[],
  ) {
    if (keys !== undefined) this.keys = keysByName(keys);
  }

  /** @param line  without its end. Throws Broken. */
  take(line: Buffer): void {
    if (!this.hasBegun) this.begin(line);
    else if (line.subarray(0, EVENT.length).equals(EVENT)) this.record(line);
    else this.checkpoint(line);
  }

  end(): ExportVerdict {
    const { trusted, records } = this;
    if (!this.hasBegun) throw new Broken('E_FORM', 0, 'the file is empty');
    if (trusted !== undefined && records < trusted.size)
      throw new Broken('E_TRUNCATED', trusted.size, `it ends with record ${records}, and had ${trusted.size} when its checkpoint was kept`);
    return { whole: true, records, checkpoints: this.checkpoints, head: this.last, root: this.root().toString('hex'), trusted: this.found };
  }

  private begin(line: Buffer): void {
    const { form, origin, keys } = objectIn(line, 0) as { form?: unknown; origin?: unknown; keys?: unknown };
    if (form !== FORM || typeof origin !== 'string' || !Array.isArray(keys) || !isWritten(line, { form, origin, keys }))
      throw new Broken('E_FORM', 0, `it does not begin as a ${FORM} does`);
    if (!(keys as JsonWebKey[]).every(isNamedByItself)) throw new Broken('E_FORM', 0, 'a key in it is not named by its own thumbprint');
    this.keys ??= keysByName(keys as JsonWebKey[]);
    this.origin = origin;
    this.hasBegun = true;
  }

  private record(line: Buffer): void {
    const expected = this.records + 1;
    const at = line.length - TAIL;
    if (at < EVENT.length || !line.subarray(at, at + HASH.length).equals(HASH) || line.toString('latin1', line.length - 2) !== '"}')
      throw new Broken('E_FORM', expected, 'its line is not of the form');
    const event = line.subarray(EVENT.length, at);
    const seq = seqOf(event, expected);
    if (seq !== expected) throw new Broken('E_GAP', expected, `record ${seq} stands where record ${expected} should`);
    const said = line.toString('latin1', at + HASH.length, at + HASH.length + 64);
    this.link.set(sha256(event), LABEL.length + 32);
    const made = sha256(this.link);
    const hex = made.toString('hex');
    if (hex !== said) throw new Broken('E_HASH', expected, 'its text or its hash was changed, or one before it');
    this.link.set(made, LABEL.length);
    this.last = hex;
    this.grow(made);
    this.records = expected;
    if (expected === this.trusted?.size) this.meet(this.trusted);
  }

  private meet({ size, root, head }: Trusted): void {
    if ((root !== undefined && root !== this.root().toString('hex')) || (head !== undefined && head !== this.last))
      throw new Broken('E_CHECKPOINT', size, `its first ${size} records are others than when its checkpoint was kept`);
    this.found = true;
  }

  private checkpoint(line: Buffer): void {
    const { checkpoint: text, kid, signature } = objectIn(line, this.records) as Readonly<Record<string, unknown>>;
    const isForm =
      typeof text === 'string' && typeof kid === 'string' && typeof signature === 'string' && /^[0-9a-f]{128}$/.test(signature);
    if (!isForm || !isWritten(line, { checkpoint: text, kid, signature }))
      throw new Broken('E_FORM', this.records + 1, 'its line is neither a record nor a checkpoint');
    const [origin, size, root] = text.split('\n');
    if (origin !== this.origin || Number(size) !== this.records || root !== this.root().toString('base64'))
      throw new Broken('E_CHECKPOINT', this.records, 'what was signed of it then is something else than what it holds');
    const key = this.keys?.get(kid);
    if (key === undefined || !verify(null, Buffer.from(text), key, Buffer.from(signature, 'hex')))
      throw new Broken('E_SIGNATURE', this.records, `the signature of its checkpoint holds by no known key (${kid})`);
    this.checkpoints += 1;
  }

  /** RFC 9162 2.1.1: the tree as the roots of the perfect trees that it is made of. */
  private grow(data: Buffer): void {
    this.leaf.set(data, 1);
    let node = sha256(this.leaf);
    for (let rest = this.records; rest % 2 === 1; rest = (rest - 1) / 2) node = this.above(this.peaks.pop() as Buffer, node);
    this.peaks.push(node);
  }

  private root(): Buffer {
    return this.peaks.length === 0 ? sha256(Buffer.alloc(0)) : this.peaks.reduceRight((right, left) => this.above(left, right));
  }

  private above(left: Buffer, right: Buffer): Buffer {
    this.node.set(left, 1);
    this.node.set(right, 33);
    return sha256(this.node);
  }
}

/** The number that an event says it has. Mostly it is the expected one: that is found without reading the rest. */
function seqOf(event: Buffer, expected: number): string | number {
  if (event.includes(`,"seq":${expected},`) || event.includes(`,"seq":${expected}}`)) return expected;
  const { seq } = objectIn(event, expected - 1) as { seq?: unknown };
  return typeof seq === 'number' ? seq : 'without a number';
}

function objectIn(bytes: Buffer, after: number): object {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // said below
  }
  throw new Broken('E_FORM', after + 1, 'its line is no JSON object');
}

/** Whether a line is a value and nothing else, to the byte. */
const isWritten = (line: Buffer, value: object): boolean => line.equals(Buffer.from(JSON.stringify(value)));

/** Whether a key has the name that follows from its text (RFC 7638 3; RFC 8037 2): the last character of `x` has bits that say nothing. */
export const isNamedByItself = ({ kty, crv, x, kid }: JsonWebKey): boolean =>
  kid === hash('sha256', `{"crv":"${crv}","kty":"${kty}","x":"${x}"}`, 'base64url');

function keysByName(keys: readonly JsonWebKey[]): ReadonlyMap<string, KeyObject> {
  return new Map(keys.map((jwk) => [String(jwk['kid']), createPublicKey({ key: jwk, format: 'jwk' })]));
}

/** Checks what comes in pieces. Throws what reading throws. */
export async function verifyExport(pieces: AsyncIterable<Buffer>, check: ExportCheck): Promise<ExportVerdict> {
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const piece of pieces) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        check.take(bytes.subarray(from, end));
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) throw new Broken('E_TRUNCATED', check.records + 1, 'the file ends in the middle of its line');
    return check.end();
  } catch (error) {
    if (error instanceof Broken) return { whole: false, code: error.code, seq: error.seq, words: error.message };
    throw error;
  }
}

/** The checkpoint that a text of three lines is: origin, size, root in base64. */
export function trustedIn(text: string): Trusted {
  const [, size, root] = text.split('\n');
  if (!/^[1-9]\d*$/.test(size ?? '') || !/^[A-Za-z0-9+/]{43}=$/.test(root ?? ''))
    throw new TypeError('what is to be trusted is no checkpoint');
  return { size: Number(size), root: Buffer.from(root, 'base64').toString('hex') };
}

const EXITS: Readonly<Record<Code, number>> = { E_FORM: 2, E_GAP: 1, E_HASH: 1, E_TRUNCATED: 2, E_CHECKPOINT: 1, E_SIGNATURE: 3 };

async function main(given: readonly string[]): Promise<number> {
  const option = (name: string): string | undefined => (given.includes(name) ? given[given.indexOf(name) + 1] : undefined);
  const [trust, keys] = [option('--trust'), option('--keys')];
  const file = given.find((one, i) => !one.startsWith('--') && !given[i - 1]?.startsWith('--'));
  if (file === undefined) {
    process.stderr.write('node verify-ledger.mjs ledger.ndjson [--trust CHECKPOINT] [--keys JWKS]\n');
    return 2;
  }
  const known = keys === undefined ? undefined : (JSON.parse(readFileSync(keys, 'utf8')) as { keys: JsonWebKey[] }).keys;
  const check = new ExportCheck(trust === undefined ? undefined : trustedIn(readFileSync(trust, 'utf8')), known);
  const began = performance.now();
  const verdict = await verifyExport(createReadStream(file, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>, check);
  if (!verdict.whole) {
    process.stdout.write(`The ledger is BROKEN: ${verdict.code} at record ${verdict.seq}: ${verdict.words}.\n`);
    return EXITS[verdict.code];
  }
  const { records, checkpoints, head, trusted } = verdict;
  const seconds = ((performance.now() - began) / 1_000).toFixed(2);
  const whose = [
    known ? 'signed by the keys given' : 'signed by keys that the export itself names',
    ...(trusted ? ['as the checkpoint given says'] : []),
  ];
  process.stdout.write(
    `The ledger is whole: ${records} records, ${checkpoints} checkpoints (${whose.join(', ')}), head ${head}, checked in ${seconds} s.\n`,
  );
  return 0;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`The ledger could not be checked: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    },
  );
