import { asItStands, markup } from '../written/markup.js';

/** Readable on paper and on a screen, by a keyboard and by a screen reader; nothing is loaded from anywhere. */
const STYLE = `
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 72rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #888; } h3 { margin-top: 1.75rem; }
a { color: #0b4f8a; } a:focus-visible { outline: 3px solid #b35900; outline-offset: 2px; }
:target { background: #fff3c4; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { border: 1px solid #999; padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: #eee; } .wide { overflow-x: auto; }
dl { display: grid; grid-template-columns: minmax(10rem, 16rem) 1fr; gap: .25rem 1rem; } dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
.notice { border-left: 5px solid #b35900; padding: .5rem 1rem; background: #fdf3e7; }
figure { margin: 1.5rem 0; } figure svg { max-width: 100%; height: auto; border: 1px solid #ccc; } figcaption { font-size: .9rem; }
code, .keys { font-family: ui-monospace, monospace; font-size: .85rem; overflow-wrap: anywhere; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
@media print { body { font-size: 10pt; max-width: none; padding: 0; } a { color: inherit; } h2, h3 { break-after: avoid; } figure, tr { break-inside: avoid; } thead { display: table-header-group; } .skip, nav { display: none; } @page { margin: 18mm; } }
`;

/** A page, complete in itself: no script, no font, no picture from elsewhere. */
export function* page(title: string, body: () => Iterable<string>): Generator<string, void> {
  yield markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${asItStands(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<main id="main">
`.text;
  yield* body();
  yield '</main>\n</body>\n</html>\n';
}
