import { describe, expect, it } from '@jest/globals';
import { characterSet, decodeText } from '../../src/dicom/character-sets.js';
import type { PersonName } from '../../src/dicom/dicom-json.js';
import { ReadingNotes } from '../../src/dicom/reading-notes.js';
import { bytesOf, corpus, onCorpus, read } from './corpus.js';

function decoded(terms: string[], bytes: string, vr = 'PN') {
  const notes = new ReadingNotes();
  const text = decodeText(Buffer.from(bytes, 'latin1'), vr, characterSet(terms, notes), notes);
  return { text, warnings: notes.warnings.map(({ code }) => code) };
}

/** The names are those of the examples in PS3.5 Annex H, I, J, K. */
describe('Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1)', () => {
  it.each([
    ['ISO_IR 100', 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
    ['ISO_IR 101', 'Dvo\xf8\xe1k', 'Dvořák'],
    ['ISO_IR 109', '\xb6', 'ĥ'],
    ['ISO_IR 110', '\xa2', 'ĸ'],
    ['ISO_IR 144', '\xbb\xee\xdace\xdc\xd1\xe3\xe0\xd3', 'Люкceмбург'],
    ['ISO_IR 127', '\xe2\xc8\xc7\xe6\xea', 'قباني'],
    ['ISO_IR 126', '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2', 'Διονυσιος'],
    ['ISO_IR 138', '\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4', 'שרון^דבורה'],
    ['ISO_IR 148', 'I\xfe\xfdk', 'Işık'],
    ['ISO_IR 203', '\xa4', '€'],
    ['ISO_IR 166', '\xca\xc1\xaa\xd2\xc2', 'สมชาย'],
    ['ISO_IR 13', '\xd4\xcf\xc0\xde^\xc0\xdb\xb3', 'ﾔﾏﾀﾞ^ﾀﾛｳ'],
    ['ISO_IR 192', '\xe7\x8e\x8b^\xe5\xb0\x8f\xe4\xb8\x9c', '王^小东'],
    ['GB18030', '\xcd\xf5^\xd0\xa1\xb6\xab', '王^小东'],
    ['GBK', '\xcd\xf5^\xd0\xa1\xb6\xab', '王^小东'],
    ['ISO-IR 100', 'J\xe9r\xf4me', 'Jérôme'], // misspelt, as in the wild
  ])('%s', (term, bytes, text) => {
    expect(decoded([term], bytes)).toEqual({ text, warnings: [] });
  });

  it.each([
    ['ISO 2022 IR 100', '-A', '\xe9', 'é'],
    ['ISO 2022 IR 101', '-B', '\xf8', 'ř'],
    ['ISO 2022 IR 109', '-C', '\xb6', 'ĥ'],
    ['ISO 2022 IR 110', '-D', '\xa2', 'ĸ'],
    ['ISO 2022 IR 144', '-L', '\xbb', 'Л'],
    ['ISO 2022 IR 127', '-G', '\xe2', 'ق'],
    ['ISO 2022 IR 126', '-F', '\xc4', 'Δ'],
    ['ISO 2022 IR 138', '-H', '\xf9', 'ש'],
    ['ISO 2022 IR 148', '-M', '\xfe', 'ş'],
    ['ISO 2022 IR 203', '-b', '\xa4', '€'],
    ['ISO 2022 IR 166', '-T', '\xca', 'ส'],
    ['ISO 2022 IR 13', ')I', '\xd4', 'ﾔ'],
    ['ISO 2022 IR 149', '$)C', '\xfb\xf3', '洪'],
    ['ISO 2022 IR 58', '$)A', '\xcd\xf5', '王'],
    ['ISO 2022 IR 87', '$B', ';3', '山'],
    ['ISO 2022 IR 159', '$(D', '0!', '丂'],
  ])('%s, switched to by ESC %s (PS3.3 tables C.12-3 and C.12-4)', (term, sequence, bytes, text) => {
    expect(decoded(['ISO 2022 IR 6', term], `a\x1b${sequence}${bytes}`)).toEqual({ text: `a${text}`, warnings: [] });
    if (!['ISO 2022 IR 87', 'ISO 2022 IR 159'].includes(term)) expect(decoded([term], `a${bytes}`, 'LO').text).toBe(`a${text}`); // begins in it
  });

  it('reads GB18030 in four bytes, and what is no character of it as U+FFFD', () => {
    expect(decoded(['GB18030'], '\x81\x30\x81\x30').text).toBe('\u0080');
    expect(decoded(['GB18030'], '\x82\x35\x8f\x33').text).toBe('龦');
    expect(decoded(['GB18030'], '\xff').warnings).toEqual(['text-not-in-character-set']);
    expect(decoded(['ISO_IR 192'], '\xc3(').text).toBe('\uFFFD(');
  });

  it.each(['constructor', '__proto__', 'toString', 'ISO_IR 999', 'latin1'])('takes %s for an unknown term', (term) => {
    expect(decoded([term], 'J\xe9r')).toEqual({ text: 'J\uFFFDr', warnings: ['character-set-unknown', 'text-not-in-character-set'] });
  });

  it('switches to kanji and back (PS3.5 H.3.1)', () => {
    const bytes = 'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B';
    expect(decoded(['', 'ISO 2022 IR 87'], bytes)).toEqual({
      text: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
      warnings: [],
    });
  });

  it('begins in half-width katakana where the first value says so (PS3.5 H.3.2)', () => {
    const bytes = '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J';
    expect(decoded(['ISO 2022 IR 13', 'ISO 2022 IR 87'], bytes).text).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎');
  });

  it('reads Korean in G1 (PS3.5 I.2) and Chinese in G1 (PS3.5 K.2)', () => {
    const korean = 'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf';
    expect(decoded(['', 'ISO 2022 IR 149'], korean).text).toBe('Hong^Gildong=洪^吉洞=홍^길동');
    expect(decoded(['', 'ISO 2022 IR 58'], '\x1b$)A\xcd\xf5').text).toBe('王');
  });

  it('reads the supplementary kanji of JIS X 0212', () => {
    expect(decoded(['', 'ISO 2022 IR 87', 'ISO 2022 IR 159'], '\x1b$(D0!\x1b(B').text).toBe('丂');
  });

  it('returns to the initial code at delimiters (PS3.5 6.1.2.5.3)', () => {
    const cyrillicThenLatin = ['ISO 2022 IR 100', 'ISO 2022 IR 144'];
    expect(decoded(cyrillicThenLatin, '\x1b-L\xbb^\xe9').text).toBe('Л^é');
    expect(decoded(cyrillicThenLatin, '\x1b-L\xbb\\\xe9', 'LO').text).toBe('Л\\é');
    expect(decoded(cyrillicThenLatin, '\x1b-L\xbb\r\n\xe9', 'LT').text).toBe('Л\r\né');
    expect(decoded(cyrillicThenLatin, '\x1b-L\xbb^\xe9', 'LO').text).toBe('Л^щ'); // ^ delimits in a PN only
  });

  it('does not take half a character for a backslash', () => {
    expect(decoded(['', 'ISO 2022 IR 87'], '\x1b$B%\\\x1b(B', 'LO').text).toBe('ボ'); // JIS 255C
    expect(decoded(['GBK'], '\x95\x5c', 'LO').text).toBe('昞'); // 95 5C
  });

  it('guesses nothing: what has no meaning is U+FFFD, and said', () => {
    expect(decoded([], 'M\xfcller')).toEqual({ text: 'M\uFFFDller', warnings: ['text-not-in-character-set'] });
    expect(decoded(['ISO_IR 999'], 'M\xfcller').warnings).toEqual(['character-set-unknown', 'text-not-in-character-set']);
    expect(decoded(['ISO_IR 192'], 'M\xfcller').text).toBe('M\uFFFDller');
    expect(decoded(['', 'ISO 2022 IR 87'], '\x1b%Gx').text).toContain('\uFFFD');
  });

  onCorpus('gives the names that the corpus names', async () => {
    const named = corpus.filter(({ patientName }) => patientName !== undefined);
    expect(named.length).toBeGreaterThan(0);
    for (const { path, patientName } of named) {
      const [name] = (await read(bytesOf(path))).dataset['00100010'].Value as PersonName[];
      expect([name.Alphabetic, name.Ideographic, name.Phonetic].join('=').replace(/=+$/, '')).toBe(patientName);
    }
  });
});
