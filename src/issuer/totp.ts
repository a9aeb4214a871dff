import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;
/** Clocks of telephones are off: the code of the step before and after is good too (RFC 6238 5.2). */
const STEPS_ASIDE = 1;
const SECRET_BYTES = 20;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret, in base32 (RFC 4648 6). */
export function newTotpSecret(): string {
  let bits = '';
  for (const byte of randomBytes(SECRET_BYTES)) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('');
}

/** What authenticator apps read, from a QR code too (the key URI format that they all know). */
export const totpUri = (secret: string, username: string, issuer: string): string =>
  `otpauth://totp/${encodeURIComponent(`${issuer}:${username}`)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;

/**
 * The time step whose code this is (RFC 6238 4.2), undefined where it is none.
 * @param after  a step that was used: it and those before are good no more (5.2)
 * @param now  milliseconds since 1970
 */
export function totpStepOf(secret: string, code: string, after: number | null, now: number): number | undefined {
  const current = Math.floor(now / 1_000 / STEP_SECONDS);
  for (let step = current - STEPS_ASIDE; step <= current + STEPS_ASIDE; step++)
    if (step > (after ?? -1) && isSame(totpCode(secret, step), code)) return step;
  return undefined;
}

/** HOTP of a time step (RFC 4226 5.3): dynamic truncation of HMAC-SHA-1. */
export function totpCode(secret: string, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const truncated = mac.readUInt32BE(mac[mac.length - 1] & 0x0f) & 0x7fffffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

function bytesOf(secret: string): Buffer {
  const bits = secret
    .split('')
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && /^\d+$/.test(other) && timingSafeEqual(Buffer.from(one), Buffer.from(other));
