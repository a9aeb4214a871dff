/** `npm run bench -- NAME …`: runs one benchmark of this folder. */
const NAMES = [
  'report-latency',
  'store-memory',
  'crash',
  'store-reading',
  'fuzz',
  'fhir',
  'guard',
  'graph',
  'ledger',
  'ledger-extract',
  'statistics',
  'package',
  'run',
  'package-contents',
];
const [, , name = ''] = process.argv;
if (!NAMES.includes(name)) {
  process.stderr.write(`npm run bench -- ${NAMES.join(' | ')}\n`);
  process.exit(2);
}
await import(`./${name}.js`);
