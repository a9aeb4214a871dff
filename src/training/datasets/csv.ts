import { DatasetBroken } from '../faults.js';

/**
 * The rows of a CSV by the names of its columns: fields without quotes or commas in them (RFC 4180, the simple form).
 * @throws DatasetBroken  one of the columns `needed` is not there
 */
export function readCsv(text: string, needed: readonly string[]): Record<string, string>[] {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const columns = fieldsOf(head);
  const lacking = needed.find((name) => !columns.includes(name));
  if (lacking !== undefined) throw new DatasetBroken(`The CSV lacks the column ${lacking}.`);
  return lines.map((line) => {
    const fields = fieldsOf(line);
    return Object.fromEntries(columns.map((name, i) => [name, fields[i] ?? '']));
  });
}

const fieldsOf = (line: string): string[] => line.split(',').map((field) => field.trim());
