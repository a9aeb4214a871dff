import { createHash } from 'node:crypto';
import { escaped } from '../../records/narrative.js';

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Piece = Html | string | number | undefined | readonly Html[];

/** HTML with values in it, which are text and nothing else. */
export const html = (strings: TemplateStringsArray, ...values: readonly Piece[]): Html =>
  new Html(strings.map((string, place) => (place === 0 ? string : pieceText(values[place - 1]) + string)).join(''));

function pieceText(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'object') return piece.map(({ text }) => text).join('');
  return escaped(String(piece));
}

const STYLE = `
:root { color-scheme: light dark; --edge: #767676; --accent: #0b5cad; --on-accent: #fff; --alarm: #a4262c; }
@media (prefers-color-scheme: dark) { :root { --accent: #6cb2ff; --on-accent: #06182b; --alarm: #ff9a9e; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 30rem; padding: 2rem 1rem; }
h1 { font-size: 1.4rem; }
label { display: block; margin-top: 1rem; }
label.tick { margin-top: .5rem; display: grid; grid-template-columns: 1.5rem 1fr; }
input:not([type=checkbox]):not([type=radio]) { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border: 1px solid var(--edge); border-radius: .3rem; }
button { font: inherit; margin: 1.5rem .5rem 0 0; padding: .6rem 1.2rem; border-radius: .3rem; border: 1px solid var(--accent); background: transparent; color: inherit; cursor: pointer; }
button.go { background: var(--accent); color: var(--on-accent); }
.alarm { color: var(--alarm); border-left: .25rem solid; padding-left: .75rem; }
.hint { font-size: .9rem; }
code { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .5rem .3rem 0; }
svg { max-width: 14rem; }`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** A page of ours: nothing in it runs, and nothing is fetched for it. */
export const page = (title: string, body: Html): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${pieceText(title)} – wetread</title><style>${STYLE}</style></head><body><main><h1>${pieceText(title)}</h1>${body.text}</main></body></html>\n`;

/**
 * What a page is sent with.
 * @param goesTo  an app's address that a form of the page may lead to: browsers hold `form-action` against redirects too
 */
export function pageHeaders(goesTo?: string): Readonly<Record<string, string>> {
  const target = goesTo !== undefined && URL.canParse(goesTo) ? new URL(goesTo) : undefined;
  const place = target === undefined ? '' : ` ${target.origin === 'null' ? target.protocol : target.origin}`;
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${place}; base-uri 'none'; frame-ancestors 'none'`,
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
  };
}

/** What went wrong, where something did. */
export const alarm = (text: string | undefined): Html => (text === undefined ? html`` : html`<p class="alarm" role="alert">${text}</p>`);
