// Writes what @wetread/client is typed by, with GraphQL Codegen, from openapi/schema.graphql: client/src/schema.ts, the types of
// the whole graph, and client/src/documents.ts, client/documents/*.graphql with the types of their variables and answers.
// `--check`: compares instead, exit 1 where a file differs.
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const documents = readdirSync(new URL('client/documents/', root))
  .sort()
  .map((name) => ({ location: name, document: parse(read(`client/documents/${name}`)) }));

const made = async (filename, plugins) => {
  const text = await codegen({
    filename,
    schema: parse(read('openapi/schema.graphql')),
    documents,
    config: {
      useTypeImports: true,
      scalars: { DateTime: 'string', ID: 'string' },
      enumType: 'string-literal',
      enumsAsTypes: true,
      immutableTypes: true,
      skipTypename: true,
    },
    plugins: Object.keys(plugins).map((name) => ({ [name]: {} })),
    pluginMap: plugins,
  });
  return [filename, `/* Made by scripts/generate-client.mjs from openapi/schema.graphql: not written by hand. */\n${text}`];
};
const files = [
  await made('client/src/schema.ts', { typescript }),
  await made('client/src/documents.ts', { typescriptOperations, typedDocumentNode }),
];

let differing = 0;
for (const [name, text] of files) {
  if (!process.argv.includes('--check')) writeFileSync(new URL(name, root), text);
  else if (read(name) !== text) {
    differing += 1;
    process.stderr.write(`${name} differs from the schema: run \`npm run client\` and commit it.\n`);
  }
}
process.exit(differing === 0 ? 0 : 1);
