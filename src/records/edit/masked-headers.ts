import { randomBytes } from 'node:crypto';
import { isObject, type JsonObject } from '../validation/json-object.js';
import { HeaderNotKept } from './faults.js';

/** What stands for a header's value, in every version that is stored and served; a new one for each value. */
const MASK = /^\*{5}[0-9a-f]{16}$/;
const newMask = (): string => `*****${randomBytes(8).toString('hex')}`;

/** Header lines by what stands for them. */
export type KeptHeaders = Readonly<Record<string, string>>;

const channelOf = (subscription: JsonObject): JsonObject => (isObject(subscription['channel']) ? subscription['channel'] : {});
const linesOf = (subscription: JsonObject): readonly string[] => {
  const { header } = channelOf(subscription);
  return Array.isArray(header) ? header.filter((line) => typeof line === 'string') : [];
};
/** `Name: value`; of a line without a name all of it is its value. */
const parted = (line: string): [name: string, value: string] => {
  const [, name = '', value] = /^([^:\s]*:)?\s*(.*?)\s*$/s.exec(line) ?? [];
  return [name, value];
};

/**
 * What stands for each header line that is given for a Subscription, and the lines themselves: whoever reads it sees the names alone. A
 * line that was kept may be given by what stands for it, to go where it went before; for another endpoint each must be given anew.
 * @param before  as the Subscription is now
 * @throws HeaderNotKept
 */
export function maskedHeaders(
  given: JsonObject,
  before: JsonObject | undefined,
  kept: KeptHeaders,
): { lines: readonly string[]; headers: KeptHeaders } {
  const isSameEndpoint = before !== undefined && channelOf(before)['endpoint'] === channelOf(given)['endpoint'];
  const headers: Record<string, string> = {};
  const lines = linesOf(given).map((line) => {
    const [name, value] = parted(line);
    const there = MASK.test(value) ? value : Object.keys(kept).find((mask) => kept[mask] === line);
    const whole = MASK.test(value) ? (isSameEndpoint && Object.hasOwn(kept, value) ? kept[value] : undefined) : line;
    if (whole === undefined || parted(whole)[0] !== name) throw new HeaderNotKept();
    const mask = there ?? newMask();
    headers[mask] = whole;
    return `${name}${name === '' ? '' : ' '}${mask}`;
  });
  return { lines, headers };
}

/** A Subscription with these header lines instead of its own. */
export function withHeaders<T extends object>(subscription: T, lines: readonly string[]): T {
  if (lines.length === 0) return subscription;
  return { ...subscription, channel: { ...channelOf(subscription as JsonObject), header: lines } };
}

/** A Subscription with its headers as they were given, for who sends by them. @throws HeaderNotKept */
export function unmasked<T extends object>(subscription: T, kept: KeptHeaders): T {
  const lines = linesOf(subscription as JsonObject).map((line) => {
    const [, value] = parted(line);
    if (!MASK.test(value)) return line;
    if (!Object.hasOwn(kept, value)) throw new HeaderNotKept();
    return kept[value];
  });
  return withHeaders(subscription, lines);
}
