/** Arrays as Postgres reads them (PostgreSQL manual 8.15.2), for statements of many rows: the driver's own way looks at each value again and again. */
export const numberArray = (values: readonly (number | bigint)[]): string => `{${values.join(',')}}`;

export const booleanArray = (values: readonly boolean[]): string => `{${values.join(',')}}`;

const ESCAPED = /["\\]/;

/** Every text is quoted; a null is none. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (const value of values) {
    if (text.length > 1) text += ',';
    if (value === null) text += 'NULL';
    else text += ESCAPED.test(value) ? `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${value}"`;
  }
  return `${text}}`;
}
