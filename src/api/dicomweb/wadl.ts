/** An element of an XML document, with what XML and JSON have in common: the representation of a Capabilities Description (PS3.18 Annex G and H). */
export interface WadlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly WadlElement[];
  /** What it says to people, instead of children. */
  readonly text?: string;
}

export const element = (name: string, attributes: WadlElement['attributes'] = {}, children: readonly WadlElement[] = []): WadlElement => ({
  name,
  attributes,
  children,
});

export const doc = (text: string): WadlElement => ({ name: 'doc', attributes: {}, children: [], text });

/** The document as XML 1.0 text. */
export const wadlXml = (root: WadlElement): string => `<?xml version="1.0" encoding="UTF-8"?>\n${xml(root, '')}`;

function xml({ name, attributes, children, text }: WadlElement, indent: string): string {
  const open = `${indent}<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('')}`;
  if (text !== undefined) return `${open}>${escaped(text)}</${name}>\n`;
  if (children.length === 0) return `${open}/>\n`;
  return `${open}>\n${children.map((child) => xml(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}

/** Elements that their parent has once; any other may come again and is an array always (PS3.18 G.2.2, G.2.3). */
const UNIQUE = new Set(['application', 'resources', 'request']);

/** The document as JSON text: attributes with an `@` before their names, the text of a doc element as its `value` (PS3.18 G.2). */
export const wadlJson = (root: WadlElement): string => JSON.stringify({ [root.name]: json(root) });

function json({ attributes, children, text }: WadlElement): Record<string, unknown> {
  const members: Record<string, unknown> = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`@${key}`, value]));
  if (text !== undefined) members['value'] = text;
  for (const child of children) {
    if (UNIQUE.has(child.name)) members[child.name] = json(child);
    else members[child.name] = [...((members[child.name] as unknown[] | undefined) ?? []), json(child)];
  }
  return members;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => ESCAPES[one]);
