/** Text of an uncompressed PDF of pdfkit: glyphs by the fonts' ToUnicode maps. Only what these tests need of ISO 32000. */
export function pdfText(bytes: Buffer): string {
  const pdf = bytes.toString('latin1');
  const objects = new Map([...pdf.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id, body]) => [id, body]));
  const maps = new Map<string, ReadonlyMap<number, string>>();
  for (const [id, body] of objects) {
    const [, map] = /\/ToUnicode (\d+) 0 R/.exec(body) ?? [];
    if (map !== undefined) maps.set(id, toUnicode(objects.get(map) ?? ''));
  }
  const fonts = new Map([...pdf.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name, id]) => [name, maps.get(id)]));
  let text = '';
  let font: ReadonlyMap<number, string> | undefined;
  for (const [, name, hex] of pdf.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9a-f]+)>(?= -?[\d.]+|\])|\bET\b/g)) {
    if (name !== undefined) font = fonts.get(name);
    else if (hex === undefined) text += '\n';
    else for (let i = 0; i < hex.length; i += 4) text += font?.get(parseInt(hex.slice(i, i + 4), 16)) ?? '';
  }
  return text.replaceAll('\n', ' ').replace(/ +/g, ' ');
}

function toUnicode(stream: string): ReadonlyMap<number, string> {
  const map = new Map<number, string>();
  for (const [, from, list] of stream.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g))
    [...list.matchAll(/<([0-9a-f ]*)>/g)].forEach(([, units], i) => {
      const codes = (units.replaceAll(' ', '').match(/.{4}/g) ?? []).map((unit) => parseInt(unit, 16));
      map.set(parseInt(from, 16) + i, String.fromCharCode(...codes));
    });
  return map;
}
