/** Conditions of a statement, of which those alone stand in it whose value is given: so an index serves it, by a plan that is made once. */
export class GivenConditions {
  readonly values: unknown[] = [];
  private readonly given: string[] = [];

  /** The parameter that stands for a value. */
  readonly bind = (value: unknown): string => `$${this.values.push(value)}`;

  /** `sql` is a condition of the value, unless that is null or undefined. */
  and<T>(value: T | null | undefined, sql: (value: T) => string): this {
    if (value !== null && value !== undefined) this.given.push(sql(value));
    return this;
  }

  get sql(): string {
    return ['true', ...this.given].join(' AND ');
  }

  /** A statement's name where it has none of them: with them it is of too many forms to prepare each. */
  nameUnlessGiven(name: string): string | undefined {
    return this.given.length === 0 ? name : undefined;
  }
}
