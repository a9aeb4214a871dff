/** What is read of a JSON text, and the members that stand in one object twice, by their FHIRPath. */
export interface ParsedText {
  readonly value: unknown;
  readonly duplicates: readonly string[];
}

interface Open {
  /** Of an object, the names that were there; of a list, none. */
  readonly names: Set<string> | undefined;
  /** Where it is. */
  readonly path: string;
  /** The member, or the place in the list, that is read now. */
  current: string;
  index: number;
}

/**
 * Parses JSON (RFC 8259) and finds what JSON.parse passes over: a member given twice, of which only the last would count (FHIR R4
 * json.html: names are unique).
 * @throws SyntaxError  it is no JSON
 */
export function parseJson(text: string): ParsedText {
  const value: unknown = JSON.parse(text);
  const duplicates: string[] = [];
  const root = (value as { resourceType?: unknown } | null)?.resourceType;
  const open: Open[] = [];
  let nameNext = false;
  for (let at = 0; at < text.length; at++) {
    const inner = open.at(-1);
    switch (text[at]) {
      case '{':
      case '[':
        open.push({
          names: text[at] === '{' ? new Set() : undefined,
          path: inner === undefined ? (typeof root === 'string' ? root : '') : placeOf(inner),
          current: '',
          index: 0,
        });
        nameNext = text[at] === '{';
        break;
      case '}':
      case ']':
        open.pop();
        nameNext = false;
        break;
      case ',':
        if (inner !== undefined) inner.index++;
        nameNext = inner?.names !== undefined;
        break;
      case '"': {
        const end = closingQuote(text, at) + 1; // the text is JSON: it has one
        if (nameNext && inner?.names !== undefined) {
          inner.current = JSON.parse(text.slice(at, end)) as string;
          if (inner.names.has(inner.current)) duplicates.push(placeOf(inner));
          inner.names.add(inner.current);
          nameNext = false;
        }
        at = end - 1;
      }
    }
  }
  return { value, duplicates };
}

/** Where the string that begins there ends, of whatever length: its last quote; -1 where it has none. */
export function closingQuote(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return -1;
}

const placeOf = ({ names, path, current, index }: Open): string => (names === undefined ? `${path}[${index}]` : `${path}.${current}`);
