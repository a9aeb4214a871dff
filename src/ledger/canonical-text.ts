/** Member that the chain puts into each event. */
const SEQ = 'seq';
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39];
/** Digits of whole numbers that are written in one way only, whoever writes them: below 2^53. */
const SURE_DIGITS = 15;
const DEEPEST = 64;

/**
 * An event's text with its number, where the text is canonical (RFC 8785) already: no other writing of it is hashed then. Undefined where
 * it is not, or where that is not easily said: of fractions, of escapes other than `\"` and `\\`, of members called `seq`.
 * @param text  a JSON object without `seq`
 */
export function numbered(text: string, seq: number): string | undefined {
  const scan = new Scan(text);
  if (!scan.isCanonical()) return undefined;
  const { place } = scan;
  const member = `"${SEQ}":${seq}`;
  if (place === text.length - 1) return `${text.slice(0, place)}${place === 1 ? '' : ','}${member}}`;
  return `${text.slice(0, place)}${member},${text.slice(place)}`;
}

/** One walk over a text: whether it is canonical, and where `seq` belongs. */
class Scan {
  /** Where the first member stands that comes after `seq`; the last brace where none does. */
  place: number;
  private at = 0;

  constructor(private readonly text: string) {
    this.place = text.length - 1;
  }

  isCanonical(): boolean {
    return this.text.charCodeAt(0) === OPEN_OBJECT && this.object(0) && this.at === this.text.length;
  }

  private value(depth: number): boolean {
    const code = this.text.charCodeAt(this.at);
    if (code === QUOTE) return this.string();
    if (code === OPEN_OBJECT) return depth < DEEPEST && this.object(depth);
    if (code === OPEN_LIST) return depth < DEEPEST && this.list(depth);
    if (code === MINUS || (code >= ZERO && code <= NINE)) return this.whole();
    return this.word('true') || this.word('false') || this.word('null');
  }

  /** Members in the order of their names' UTF-16 code units, none twice (RFC 8785 3.2.3). */
  private object(depth: number): boolean {
    const { text } = this;
    this.at += 1;
    if (text.charCodeAt(this.at) === CLOSE_OBJECT) return this.past();
    let before: string | undefined;
    for (;;) {
      const start = this.at;
      if (text.charCodeAt(start) !== QUOTE || !this.string()) return false;
      const name = text.slice(start + 1, this.at - 1);
      // An escape may stand for what is sorted elsewhere.
      if (name.includes('\\') || (before !== undefined && name <= before)) return false;
      if (depth === 0) {
        if (name === SEQ) return false;
        if (name > SEQ && (before === undefined || before < SEQ)) this.place = start;
      }
      before = name;
      if (text.charCodeAt(this.at) !== COLON) return false;
      this.at += 1;
      if (!this.value(depth + 1)) return false;
      const code = text.charCodeAt(this.at);
      this.at += 1;
      if (code === CLOSE_OBJECT) return true;
      if (code !== COMMA) return false;
    }
  }

  private list(depth: number): boolean {
    const { text } = this;
    this.at += 1;
    if (text.charCodeAt(this.at) === CLOSE_LIST) return this.past();
    for (;;) {
      if (!this.value(depth + 1)) return false;
      const code = text.charCodeAt(this.at);
      this.at += 1;
      if (code === CLOSE_LIST) return true;
      if (code !== COMMA) return false;
    }
  }

  /** Characters as they are, but for the two that must be escaped; control characters and halves of pairs are looked at by who reads all. */
  private string(): boolean {
    const { text } = this;
    for (let at = this.at + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return true;
      }
      if (code < 0x20 || (code >= 0xd800 && code < 0xe000)) return false;
      if (code === BACKSLASH) {
        at += 1;
        const escaped = text.charCodeAt(at);
        if (escaped !== QUOTE && escaped !== BACKSLASH) return false;
      }
    }
    return false;
  }

  private whole(): boolean {
    const { text } = this;
    const isNegative = text.charCodeAt(this.at) === MINUS;
    const start = this.at + (isNegative ? 1 : 0);
    let at = start;
    for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(at)) at += 1;
    this.at = at;
    const digits = at - start;
    const startsWithZero = text.charCodeAt(start) === ZERO;
    return digits >= 1 && digits <= SURE_DIGITS && !(startsWithZero && (digits > 1 || isNegative));
  }

  private word(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private past(): true {
    this.at += 1;
    return true;
  }
}
