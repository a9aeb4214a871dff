import type { RegulatoryRecordFile } from '../study-file.js';
import { spoken, valueText } from '../study/records.js';

/** A model card as Markdown: each member under its name; what is a list stays one. */
export function modelCardText({ content, version, sha256 }: RegulatoryRecordFile): string {
  const parts = Object.entries(content).map(([name, value]) => `## ${spoken(name)}\n\n${inMarkdown(value)}\n`);
  return `# Model card, version ${version} of the record\n\nSHA-256 of its canonical text: ${sha256}\n\n${parts.join('\n')}`;
}

function inMarkdown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'None.' : value.map((one) => `- ${line(valueText(one))}`).join('\n');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, inner]) => `- ${spoken(name)}: ${line(valueText(inner))}`)
      .join('\n');
  return line(valueText(value));
}

/** Text that Markdown reads as text: no markup, no HTML, no new line. */
const line = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
