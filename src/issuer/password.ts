import { argon2, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { LoginsBusy, UnfitPassword } from './faults.js';

const LEAST_LENGTH = 12;
/** Longer ones cost time and no attacker. */
const MOST_LENGTH = 256;
/** OWASP's least for Argon2id: 19 MiB, two passes. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const PARALLELISM = 1;
const SALT_BYTES = 16;
/** Crockford's, in small letters. */
const PASSWORD_DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const TAG_BYTES = 32;

const derive = promisify(argon2);

/** Hashes at once: each takes memory and a thread that files are read by too. */
const MOST_AT_ONCE = 2;
/** Who comes then is told to come again. */
const MOST_WAITING = 64;
const waiting: (() => void)[] = [];
let busy = 0;

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= MOST_WAITING) throw new LoginsBusy();
  if (busy >= MOST_AT_ONCE) await new Promise<void>((turn) => waiting.push(turn));
  else busy++;
  try {
    return await work();
  } finally {
    // The next has the place, or it is free.
    const next = waiting.shift();
    if (next === undefined) busy--;
    else next();
  }
}

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** Throws UnfitPassword. */
export function checkPassword(password: string, username: string): void {
  const { length } = password;
  if (length < LEAST_LENGTH || length > MOST_LENGTH || password.toLowerCase() === username.toLowerCase())
    throw new UnfitPassword(LEAST_LENGTH, MOST_LENGTH);
}

/** One that nobody could guess (100 bits), of letters and digits that are not mistaken for others when they are read off a screen. */
export const newPassword = (): string =>
  Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => PASSWORD_DIGITS[randomInt(PASSWORD_DIGITS.length)]).join('')).join('-');

/** Argon2id (RFC 9106) with its parameters and salt, as `$argon2id$v=19$m=…,t=…,p=…$SALT$TAG`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const cost = { memory: MEMORY_KIB, passes: PASSES, parallelism: PARALLELISM };
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${text(salt)}$${text(await tagOf(password, salt, cost, TAG_BYTES))}`;
}

const FORM = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Whether a password is the one that was hashed; as long where there is no hash to compare with. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] = FORM.exec(hash ?? '') ?? [];
  if (tag === undefined) {
    await hashPassword(password.slice(0, MOST_LENGTH));
    return false;
  }
  const expected = Buffer.from(tag, 'base64');
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const given = await tagOf(password.slice(0, MOST_LENGTH * 2), Buffer.from(salt, 'base64'), cost, expected.length);
  return timingSafeEqual(given, expected);
}

/** What is typed on one machine as on another: NFC (RFC 8265 4.2.1). */
const tagOf = (password: string, salt: Buffer, cost: Cost, tagLength: number): Promise<Buffer> =>
  inTurn(() => derive('argon2id', { message: password.normalize('NFC'), nonce: salt, tagLength, ...cost }));

const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
