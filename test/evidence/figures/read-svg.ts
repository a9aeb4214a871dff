import { SaxesParser } from 'saxes';

export interface Drawn {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** own text, without that of the elements inside */
  readonly text: string;
  readonly inside: readonly Drawn[];
}

/** Reads XML as strictly as the parser does. @throws what is not well-formed */
export function readSvg(svg: string): Drawn {
  const root = { name: '', attributes: {}, text: '', inside: [] as Drawn[] };
  const open = [root];
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const drawn = { name, attributes: attributes as Record<string, string>, text: '', inside: [] as Drawn[] };
    open[open.length - 1].inside.push(drawn);
    open.push(drawn);
  });
  parser.on('text', (text) => {
    open[open.length - 1].text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(svg).close();
  return root.inside[0];
}

export const everything = (drawn: Drawn): Drawn[] => [drawn, ...drawn.inside.flatMap((one) => everything(one))];

export const allOf = (svg: string, name: string): Drawn[] => everything(readSvg(svg)).filter((one) => one.name === name);

/** The first element of a name whose attribute has a value. */
export function firstOf(svg: string, name: string, attribute: string, value: string): Drawn {
  const found = allOf(svg, name).find(({ attributes }) => attributes[attribute] === value);
  if (found === undefined) throw new Error(`No ${name} has ${attribute} ${value}.`);
  return found;
}

export const described = (svg: string): string => allOf(svg, 'desc')[0].text;

/** The texts that are seen, in the order in which they are drawn. */
export const texts = (svg: string): string[] => allOf(svg, 'text').map(({ text }) => text);

/** Points of a path of straight lines. */
export const pointsOf = ({ attributes }: Drawn): [number, number][] =>
  [...attributes['d'].matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

/** Where symbols of a colour have their centres. */
export const marksOf = (svg: string, fill: string): [number, number][] =>
  allOf(svg, 'path')
    .filter(({ attributes }) => attributes['fill'] === fill && attributes['transform'] !== undefined)
    .map(({ attributes }) => {
      const [, x, y] = /translate\((\S+) (\S+)\)/.exec(attributes['transform']) ?? [];
      return [Number(x), Number(y)];
    });

/** The plot's frame. */
export function plotOf(svg: string): { left: number; top: number; right: number; bottom: number } {
  const { attributes } = firstOf(svg, 'rect', 'fill', 'none');
  const [left, top, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(attributes[name]));
  return { left, top, right: left + width, bottom: top + height };
}

/** Rows of a CSV (RFC 4180) as fields. */
export function readCsv(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows[rows.length - 1].push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  rows.pop();
  return rows;
}
