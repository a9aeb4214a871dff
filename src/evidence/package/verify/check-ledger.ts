import type { JsonWebKey } from 'node:crypto';
import { isSigned, originOf, readCheckpoint, signedCheckpoint, type SignedRoot } from '../../../ledger/checkpoint.js';
import { CHAIN_START, linkHash } from '../../../ledger/link-hash.js';
import { provesConsistency, provesInclusion } from '../../../ledger/merkle.js';
import type { Bag } from './bag.js';
import type { Held } from './content-check.js';
import type { Findings, Kind } from './findings.js';
import { linesOf, NoLine, objectIn } from './lines.js';

/** Records of the ledger, each with the proof that a signed checkpoint has it (ledger/extract). */
export const EVENTS_FILE = 'data/10-audit/events.jsonl';
const CHECKPOINTS_FILE = 'data/10-audit/checkpoints.jsonl';
const PROOFS_FILE = 'data/10-audit/proofs.jsonl';
export const LEDGER_FILES = [EVENTS_FILE, CHECKPOINTS_FILE, PROOFS_FILE];

/** What is wrong with the ledger: the first of it is found. */
class Wrong extends Error {
  constructor(
    readonly kind: Kind,
    readonly where: string,
    words: string,
  ) {
    super(words);
  }
}

export async function checkLedger(bag: Bag, { keys = [], checkpoint }: Held, findings: Findings): Promise<void> {
  const there = LEDGER_FILES.filter((name) => bag.names.includes(name));
  if (there.length === 0) {
    if (checkpoint !== undefined) findings.add('missing', EVENTS_FILE, 'it is not there, and must be held to the checkpoint given');
    return;
  }
  for (const name of LEDGER_FILES)
    if (!there.includes(name)) findings.add('missing', name, 'it is not there, and the rest of the ledger is');
  if (there.length < LEDGER_FILES.length) return;
  const trusted = checkpoint === undefined ? undefined : readCheckpoint(checkpoint);
  if (checkpoint !== undefined && trusted === undefined) throw new TypeError('what is to be trusted is no checkpoint');
  try {
    const checkpoints = await checkpointsIn(bag, keys);
    const last = checkpoints[checkpoints.length - 1];
    const records = await checkRecords(bag, last);
    if (trusted !== undefined) meet(trusted, checkpoints);
    findings.checked.push(
      `the ledger: ${records} records of its first ${last.size}, each hash, and its proof to the last of ${checkpoints.length} signed checkpoints, ` +
        `which begins with the others${trusted === undefined ? '' : '; one of them is the checkpoint given'}`,
    );
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    findings.add(error.kind, error.where, error.message);
  }
}

/** Lines of a file, and what is wrong with one as what is wrong with the file. */
async function* linesIn(bag: Bag, name: string): AsyncGenerator<Buffer, void> {
  try {
    yield* linesOf(bag.read(name));
  } catch (error) {
    throw error instanceof NoLine ? new Wrong('changed', name, error.message) : error;
  }
}

/** The checkpoints, ascending: each signed by a key, and the last a tree that begins with each of the others. */
async function checkpointsIn(bag: Bag, keys: readonly JsonWebKey[]): Promise<SignedRoot[]> {
  const wrong = (words: string, kind: Kind = 'changed') => new Wrong(kind, CHECKPOINTS_FILE, words);
  const read: { readonly checkpoint: SignedRoot; readonly proof: readonly Buffer[] }[] = [];
  for await (const line of linesIn(bag, CHECKPOINTS_FILE)) {
    const one = checkpointOf(line);
    if (one === undefined) throw wrong(`its line ${read.length + 1} is not that of a checkpoint`);
    const { size, origin, kid } = one.checkpoint;
    if (!isSigned(one.checkpoint, { keys }))
      throw wrong(`the signature of the checkpoint of ${size} records holds by no known key (${kid})`, 'signature');
    const before = read.at(-1)?.checkpoint;
    if (before !== undefined && (before.origin !== origin || before.size >= size))
      throw wrong(`the checkpoint of ${size} records is not a later one of the same ledger than the one before it`);
    read.push(one);
  }
  const last = read.at(-1)?.checkpoint;
  if (last === undefined) throw wrong('it has no checkpoint');
  const other = read.find(({ checkpoint, proof }) => !provesConsistency(checkpoint, last, proof));
  if (other !== undefined) throw wrong(`nothing proves that the last checkpoint begins with the one of ${other.checkpoint.size} records`);
  return read.map(({ checkpoint }) => checkpoint);
}

function checkpointOf(line: Buffer): { readonly checkpoint: SignedRoot; readonly proof: readonly Buffer[] } | undefined {
  const { checkpoint: text, kid, signature, proof } = objectIn(line.toString()) ?? {};
  const said = typeof text === 'string' ? readCheckpoint(text) : undefined;
  const hashes = hashesIn(proof);
  if (said === undefined || hashes === undefined || typeof kid !== 'string' || typeof signature !== 'string') return undefined;
  const checkpoint = { ...said, kid, signature: Buffer.from(signature, 'hex') };
  return isWritten(line, { ...signedCheckpoint(checkpoint), proof }) ? { checkpoint, proof: hashes } : undefined;
}

/** Answers how many there are. */
async function checkRecords(bag: Bag, { origin, size, root }: SignedRoot): Promise<number> {
  const proofs = linesIn(bag, PROOFS_FILE);
  let [records, before]: [number, { readonly seq: number; readonly hash: Buffer } | undefined] = [0, undefined];
  for await (const line of linesIn(bag, EVENTS_FILE)) {
    const place = `record ${records + 1} in it`;
    const record = recordOf(line);
    const wrong = (words: string) => new Wrong('changed', EVENTS_FILE, words);
    if (record === undefined) throw wrong(`${place} is not of the form`);
    const { seq, text, previous, hash } = record;
    if (before !== undefined && seq <= before.seq) throw wrong(`${place} has number ${seq}, and the one before it ${before.seq}`);
    if (!linkHash(previous, text).equals(hash)) throw wrong(`the text or the hash of record ${seq} was changed, or that before it`);
    if (seq === 1 && !previous.equals(CHAIN_START)) throw wrong('record 1 does not begin a ledger');
    if (seq === 1 && originOf(hash) !== origin) throw wrong('record 1 begins another ledger than the checkpoints are of');
    if (before?.seq === seq - 1 && !before.hash.equals(previous)) throw wrong(`record ${seq} was not linked to the one before it`);
    const { value: proofLine } = await proofs.next();
    const proof = proofLine === undefined ? undefined : proofOf(proofLine, seq, size);
    if (proof === undefined) throw new Wrong('changed', PROOFS_FILE, `its line ${records + 1} is no proof of record ${seq} among ${size}`);
    if (!provesInclusion(hash, seq - 1, size, proof, root))
      throw new Wrong('changed', PROOFS_FILE, `what it has of record ${seq} does not lead to the root that was signed`);
    before = { seq, hash };
    records += 1;
  }
  if ((await proofs.next()).value !== undefined)
    throw new Wrong('changed', PROOFS_FILE, `it has more proofs than there are records (${records})`);
  return records;
}

const EVENT = '{"event":';
const TAIL = /^,"before":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}$/;
const TAIL_LENGTH = ',"before":"","hash":""}'.length + 128;

/** A line of a record, which is held to its hash: nothing is left of it but the hashes. */
function recordOf(line: Buffer) {
  const end = line.length - TAIL_LENGTH;
  const [, previous, hash] = TAIL.exec(line.toString('latin1', Math.max(0, end))) ?? [];
  if (hash === undefined || line.toString('latin1', 0, EVENT.length) !== EVENT || end <= EVENT.length) return undefined;
  const text = line.subarray(EVENT.length, end);
  const seq = objectIn(text.toString())?.['seq'];
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  return { seq, text, previous: Buffer.from(previous, 'hex'), hash: Buffer.from(hash, 'hex') };
}

function proofOf(line: Buffer, seq: number, size: number): readonly Buffer[] | undefined {
  const { proof } = objectIn(line.toString()) ?? {};
  return isWritten(line, { seq, size, proof }) ? hashesIn(proof) : undefined;
}

const hashesIn = (proof: unknown): readonly Buffer[] | undefined =>
  Array.isArray(proof) && proof.every((one) => typeof one === 'string' && /^[0-9a-f]{64}$/.test(one))
    ? (proof as readonly string[]).map((one) => Buffer.from(one, 'hex'))
    : undefined;

/** Whether a line is a value and nothing else, to the byte. */
const isWritten = (line: Buffer, value: object): boolean => line.equals(Buffer.from(JSON.stringify(value)));

/** The checkpoint that was kept elsewhere must be one of those that the package has: of others it has no proof. */
function meet(trusted: NonNullable<ReturnType<typeof readCheckpoint>>, checkpoints: readonly SignedRoot[]): void {
  const last = checkpoints[checkpoints.length - 1];
  const same = checkpoints.find(({ size }) => size === trusted.size);
  if (trusted.origin !== last.origin) throw new Wrong('changed', CHECKPOINTS_FILE, 'the checkpoint given is of another ledger');
  if (same !== undefined && !same.root.equals(trusted.root))
    throw new Wrong('changed', CHECKPOINTS_FILE, `the first ${same.size} records are others than when the checkpoint given was kept`);
  if (same !== undefined) return;
  const sizes = checkpoints.map(({ size }) => size);
  throw new Wrong(
    'missing',
    CHECKPOINTS_FILE,
    `whether its ledger ${trusted.size > last.size ? 'goes on to' : 'begins with'} the checkpoint given (${trusted.size} records) cannot be told: ` +
      `it has those of ${sizes.length > 5 ? `${sizes.slice(0, 2).join(', ')} … ${sizes.slice(-2).join(', ')}` : sizes.join(', ')} records, and no proof from one to the other. ` +
      'Ask for the whole ledger (ledger:export), or give one of these',
  );
}
