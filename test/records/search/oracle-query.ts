/** What the oracle's parts share. */
export type Values = readonly unknown[];
export type Members = Readonly<Record<string, unknown>>;

export interface Query {
  readonly name: string;
  readonly value: string;
  readonly matches: (values: Values) => boolean;
}

export const escaped = (text: string): string => text.replace(/[\\,|$]/g, (one) => `\\${one}`);
export const text = (given: unknown): string => (typeof given === 'string' ? given : '');
