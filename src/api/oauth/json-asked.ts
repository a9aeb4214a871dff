import { Fault } from '../../faults.js';

/** A member of a JSON body is not what it must be. */
export class UnfitMember extends Fault {
  readonly code = 'unfit-member';
  readonly status = 400;

  constructor(member: string, mustBe: string) {
    super(`${member} must be ${mustBe}.`);
  }
}

export type Members = Readonly<Record<string, unknown>>;

/** The members of a body that is an object, of which no other is known. Throws UnfitMember. */
export function membersOf(body: unknown, known?: readonly string[]): Members {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new UnfitMember('The body', 'a JSON object');
  const unknown = known === undefined ? undefined : Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UnfitMember('Each member', `one of ${known?.join(', ')}`);
  return body as Members;
}

const LONGEST_TEXT = 10_000;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_TEXT && !value.includes('\0');

/** A member that is text, undefined where it is absent. Throws UnfitMember. */
export function textIn(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined) return undefined;
  if (!isText(value)) throw new UnfitMember(name, 'text');
  return value;
}

/** The same, which may be null too: to take away what is there. */
export const textOrNullIn = (members: Members, name: string): string | null | undefined =>
  members[name] === null ? null : textIn(members, name);

export function flagIn(members: Members, name: string): boolean | undefined {
  const value = members[name];
  if (value !== undefined && typeof value !== 'boolean') throw new UnfitMember(name, 'true or false');
  return value;
}

export function textsIn(members: Members, name: string): string[] | undefined {
  const value = members[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > 100 || !value.every(isText)) throw new UnfitMember(name, 'a list of texts');
  return value;
}

export function objectOrNullIn(members: Members, name: string): object | null | undefined {
  const value = members[name];
  if (value !== undefined && typeof value !== 'object') throw new UnfitMember(name, 'an object');
  return value;
}

/** Throws UnfitMember where it is absent. */
export function needed<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new UnfitMember(name, 'there');
  return value;
}
