import type { Fault } from './faults.js';

/** Makes the fault of a place: its path, and what is wrong there. */
export type Refusal = (path: string, problem: string) => Fault;

/** The members that an object of the type may lack. */
type OptionalKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/** A place in a parsed JSON text: what stands there and its path. Each reader gives the value in its type or refuses it. */
export class JsonPlace {
  constructor(
    private readonly value: unknown,
    private readonly refusal: Refusal,
    private readonly path = '',
  ) {}

  /** @throws what `refusal` makes */
  refuse(problem: string): never {
    throw this.refusal(this.path, problem);
  }

  /**
   * Reads an object that has these members and no others: a misspelt rule must not be passed over.
   * @param mayLack  the members that may be absent; they are then absent from what is read too
   */
  object<T>(
    members: { readonly [K in keyof T]-?: (place: JsonPlace) => Exclude<T[K], undefined> },
    mayLack: readonly OptionalKeys<T>[] = [],
  ): T {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.refuse('must be an object');
    const given = new Map<string, unknown>(Object.entries(value));
    const readers = Object.entries<(place: JsonPlace) => unknown>(members);
    const absent = (name: string): boolean => !given.has(name) && mayLack.some((one) => one === name);
    const here = readers.filter(([name]) => !absent(name));
    const read = here.map(([name, reader]) => {
      const place = new JsonPlace(given.get(name), this.refusal, this.path === '' ? name : `${this.path}.${name}`);
      if (!given.delete(name)) place.refuse('is missing');
      return [name, reader(place)] as const;
    });
    const [unknown] = given.keys();
    if (unknown !== undefined) this.refuse(`has an unknown member ${JSON.stringify(unknown.slice(0, 64))}`);
    return Object.fromEntries(read) as T; // one reader a member, each of its type
  }

  /** The place of one member of an object; what else the object has is not looked at. */
  member(name: string): JsonPlace {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.refuse('must be an object');
    const found = Object.entries(value).find(([one]) => one === name);
    const place = new JsonPlace(found?.[1], this.refusal, this.path === '' ? name : `${this.path}.${name}`);
    if (found === undefined) place.refuse('is missing');
    return place;
  }

  /** Reads an object of any members, each by the same reader. */
  map<T>(reader: (place: JsonPlace) => T): Record<string, T> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.refuse('must be an object');
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, reader(new JsonPlace(one, this.refusal, `${this.path}.${name}`))]),
    );
  }

  list<T>(reader: (place: JsonPlace) => T): T[] {
    if (!Array.isArray(this.value)) this.refuse('must be a list');
    return this.value.map((value: unknown, i) => reader(new JsonPlace(value, this.refusal, `${this.path}[${i}]`)));
  }

  /** @param form  what the whole text must match, `meaning` in words */
  text(form = /\S/, meaning = 'text that is not empty'): string {
    if (typeof this.value !== 'string' || !form.test(this.value)) this.refuse(`must be ${meaning}`);
    return this.value;
  }

  oneOf<T extends string | number>(allowed: readonly T[]): T {
    const found = allowed.find((one) => one === this.value);
    if (found === undefined) this.refuse(`must be one of ${allowed.join(', ')}`);
    return found;
  }

  /** Both ends included. */
  number(least: number, most: number): number {
    if (typeof this.value !== 'number' || !(this.value >= least && this.value <= most))
      this.refuse(`must be a number from ${least} to ${most}`);
    return this.value;
  }

  /** Both ends included. */
  whole(least: number, most: number): number {
    if (!Number.isInteger(this.value)) this.refuse(`must be a whole number from ${least} to ${most}`);
    return this.number(least, most);
  }

  /** What stands there, whatever it is: for another reader. */
  whatever(): unknown {
    return this.value;
  }

  /** Whether null stands there, for what may be so. */
  isNull(): boolean {
    return this.value === null;
  }

  truth(): boolean {
    if (typeof this.value !== 'boolean') this.refuse('must be true or false');
    return this.value;
  }
}
