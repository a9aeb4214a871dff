import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Settings } from '../../settings.js';
import { NoGraphiql } from './faults.js';
import { GRAPHIQL_SCRIPT, GRAPHIQL_STYLE } from './graphiql-page.js';

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';
/** Files of packages, which are there in development: a server that is installed without them has no GraphiQL. */
const OF_PACKAGES: Readonly<Record<string, readonly [name: string, path: string, type: string]>> = {
  'graphiql.min.js': ['graphiql', 'graphiql.min.js', SCRIPT],
  'graphiql.min.css': ['graphiql', 'graphiql.min.css', STYLE],
  'react.production.min.js': ['react', 'umd/react.production.min.js', SCRIPT],
  'react-dom.production.min.js': ['react-dom', 'umd/react-dom.production.min.js', SCRIPT],
};
const OWN: Readonly<Record<string, readonly [text: string, type: string]>> = {
  'page.js': [GRAPHIQL_SCRIPT, SCRIPT],
  'page.css': [GRAPHIQL_STYLE, STYLE],
};

/** What the page of GraphiQL is made of. */
@ApiExcludeController()
@Controller('graphql/graphiql')
export class GraphiqlController {
  constructor(private readonly settings: Settings) {}

  @Get(':file')
  async file(@Param('file') name: string, @Res() reply: FastifyReply): Promise<void> {
    if (this.settings.GRAPHIQL !== '1') throw new NoGraphiql();
    const [body, type] = Object.hasOwn(OWN, name) ? OWN[name] : await ofPackages(name);
    await reply.header('content-type', type).header('x-content-type-options', 'nosniff').header('cache-control', 'no-cache').send(body);
  }
}

async function ofPackages(name: string): Promise<[body: Buffer, type: string]> {
  if (!Object.hasOwn(OF_PACKAGES, name)) throw new NoGraphiql();
  const [of, path, type] = OF_PACKAGES[name];
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${of}/package.json`));
    return [await readFile(join(folder, path)), type];
  } catch {
    throw new NoGraphiql(); // not installed
  }
}
