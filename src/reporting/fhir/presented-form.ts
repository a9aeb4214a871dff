import type { Attachment } from 'fhir/r4.js';
import { createHash } from 'node:crypto';
import { escaped } from '../../records/narrative.js';
import { percent, type Verdict } from '../preliminary-report.js';

/** What a report says, for reading. */
export interface Presented {
  readonly title: string;
  readonly conclusion: string;
  readonly findings: readonly { readonly label: string; readonly verdict: Verdict; readonly probability: number }[];
  /** The model's title and version. */
  readonly model: string;
  readonly issued: Date;
}

/** The report as a page, which names its encoding itself (IHE RAD IMR wants `text/html` alone), and as plain text (R4 diagnosticreport.html, presentedForm). */
export const presentedForms = (said: Presented): Attachment[] => [
  attachment(said.title, 'text/html', htmlForm(said)),
  attachment(said.title, 'text/plain; charset=utf-8', said.conclusion),
];

/** A page by itself: no script, no style from elsewhere. */
function htmlForm({ title, conclusion, findings, model, issued }: Presented): string {
  const rows = findings.map(
    ({ label, probability, verdict }) => `<tr><td>${escaped(label)}</td><td>${verdict}</td><td>${percent(probability)}</td></tr>`,
  );
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>
<p>${escaped(conclusion)}</p><table><tr><th>Finding</th><th>Verdict</th><th>Probability by the model</th></tr>${rows.join('')}</table>
<p>${escaped(model)}, issued ${issued.toISOString()}</p></body></html>`;
}

function attachment(title: string, contentType: string, text: string): Attachment {
  const bytes = Buffer.from(text, 'utf8');
  return {
    contentType,
    language: 'en',
    data: bytes.toString('base64'),
    size: bytes.length,
    hash: createHash('sha1').update(bytes).digest('base64'),
    title,
  };
}
