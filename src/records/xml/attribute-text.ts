const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Text as an attribute's value. White space too, which a reader would make blanks of there (XML 1.0, 3.3.3). */
export const attributeText = (text: string): string => text.replace(/[&<>"\n\r\t]/g, (character) => ESCAPES[character]);
