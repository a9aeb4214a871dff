/** How consonants sound, as American Soundex groups them; vowels part two of the same group, h and w do not. */
const GROUP: Readonly<Record<string, string>> = Object.fromEntries(
  ['bfpv', 'cgjkqsxz', 'dt', 'l', 'mn', 'r'].flatMap((letters, i) => letters.split('').map((letter) => [letter, String(i + 1)])),
);

/** The Soundex code of a folded word of Latin letters (smith, smyth: s530); undefined for a word of another script. */
export function soundOf(word: string): string | undefined {
  if (!/^[a-z]/.test(word)) return undefined;
  let code = word[0];
  let before = GROUP[word[0]];
  for (const letter of word.slice(1).replace(/[^a-z]/g, '')) {
    if (letter === 'h' || letter === 'w') continue;
    const group = GROUP[letter];
    if (group !== undefined && group !== before) code += group;
    before = group;
    if (code.length === 4) return code;
  }
  return code.padEnd(4, '0');
}

/** The words of a folded name. */
export const wordsOf = (name: string): string[] => name.split(/[\s^=,\\]+/).filter((word) => word !== '');

/** How the words of a folded name sound, each code once, parted by spaces. */
export const soundsOf = (name: string): string => [...new Set(wordsOf(name).flatMap((word) => soundOf(word) ?? []))].join(' ');
