import { MalformedMetadata } from './faults.js';

/** A JSON value (RFC 8259). Objects are maps, so that no name is special; integers beyond 2^53 stay as their digits. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | ReadonlyMap<string, JsonValue>;

const WHITE_SPACE = /[\t\n\r ]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** What a string holds up to its end, an escape, or a character that must not be there. */
// eslint-disable-next-line no-control-regex -- RFC 8259 section 7 names them
const PLAIN = /[^"\\\x00-\x1f]*/y;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/**
 * Reads JSON as metadata needs it read, where JSON.parse would hide what is wrong: a name that stands twice in an object is
 * an error, depth is bounded, and long integers keep their digits.
 * @param mostDepth  arrays and objects within each other
 * @throws MalformedMetadata  with the character at which it stopped being JSON
 */
export function readJsonText(text: string, mostDepth: number): JsonValue {
  return new JsonText(text, mostDepth).whole();
}

class JsonText {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly mostDepth: number,
  ) {}

  whole(): JsonValue {
    const value = this.value();
    this.skipWhiteSpace();
    if (this.at < this.text.length) this.fail('something follows the JSON value');
    return value;
  }

  private value(): JsonValue {
    this.skipWhiteSpace();
    const next = this.text[this.at];
    if (next === '"') return this.string();
    if (next === '{') return this.nested(() => this.object());
    if (next === '[') return this.nested(() => this.array());
    const word = WORDS.find(([letters]) => this.text.startsWith(letters, this.at));
    if (word === undefined) return this.number();
    this.at += word[0].length;
    return word[1];
  }

  private nested<Value>(read: () => Value): Value {
    if (this.depth >= this.mostDepth) this.fail('it is nested too deep');
    this.depth++;
    this.at++;
    const value = read();
    this.depth--;
    return value;
  }

  private object(): ReadonlyMap<string, JsonValue> {
    const members = new Map<string, JsonValue>();
    this.skipWhiteSpace();
    if (this.takes('}')) return members;
    do {
      this.skipWhiteSpace();
      if (this.text[this.at] !== '"') this.fail('a name was expected');
      const began = this.at;
      const name = this.string();
      if (members.has(name)) this.fail('a name stands twice in an object', began);
      this.skipWhiteSpace();
      if (!this.takes(':')) this.fail('a colon was expected');
      members.set(name, this.value());
      this.skipWhiteSpace();
    } while (this.takes(','));
    if (!this.takes('}')) this.fail('an object does not end');
    return members;
  }

  private array(): readonly JsonValue[] {
    const values: JsonValue[] = [];
    this.skipWhiteSpace();
    if (this.takes(']')) return values;
    do {
      values.push(this.value());
      this.skipWhiteSpace();
    } while (this.takes(','));
    if (!this.takes(']')) this.fail('an array does not end');
    return values;
  }

  private string(): string {
    this.at++;
    let text = '';
    for (;;) {
      text += this.matched(PLAIN);
      const next = this.text[this.at++];
      if (next === '"') return text;
      if (next !== '\\') this.fail('a string does not end', this.at - 1);
      text += this.escaped();
    }
  }

  private escaped(): string {
    const letter = this.text[this.at++] ?? '';
    if (letter !== 'u') return ESCAPES[letter] ?? this.fail('an escape is unknown', this.at - 1);
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) this.fail('an escape is unknown');
    this.at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private number(): number | string {
    const digits = this.matched(NUMBER);
    if (digits === '') this.fail('a value was expected');
    const number = Number(digits);
    if (!Number.isFinite(number)) this.fail('a number is too large', this.at - digits.length);
    return /^-?[0-9]{16,}$/.test(digits) && !Number.isSafeInteger(number) ? digits : number;
  }

  private matched(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [text] = pattern.exec(this.text) ?? [''];
    this.at += text.length;
    return text;
  }

  private takes(letter: string): boolean {
    if (this.text[this.at] !== letter) return false;
    this.at++;
    return true;
  }

  private skipWhiteSpace(): void {
    this.matched(WHITE_SPACE);
  }

  private fail(reason: string, at: number = this.at): never {
    throw new MalformedMetadata(`${reason} (character ${at + 1})`);
  }
}
