import { Body, Controller, Get, HttpCode, Param, Post, Req, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { PackageRow } from '../../evidence/studies/package.sql.js';
import { Packages } from '../../evidence/studies/packages.js';
import { planAt } from '../../evidence/studies/read-plan.js';
import { Results } from '../../evidence/studies/results.js';
import type { AnalysisRow, FreezeRow } from '../../evidence/studies/results.sql.js';
import { callerOf } from '../called-by.js';
import { bodyPlace } from './asked.js';

const ID = { name: 'id', description: 'Of the validation study' };

const toldFreeze = ({ content, ...row }: FreezeRow) => ({ ...row, freeze: JSON.parse(content) as object });
const toldAnalysis = ({ content, plan, ...row }: AnalysisRow) => ({
  ...row,
  plan: JSON.parse(plan) as object,
  result: JSON.parse(content) as object,
});

/** What comes out of a study: after it is unblinded, and not before. */
@ApiTags('Validation studies')
@ApiForbiddenResponse({ description: 'The caller’s role, or part in the study, does not do this.' })
@ApiNotFoundResponse({ description: 'There is no such study, or nothing is frozen.' })
@ApiConflictResponse({ description: 'The study is not unblinded, or something is missing; `code` says what.' })
@Controller('evidence/studies/:id')
export class ResultsController {
  constructor(
    private readonly results: Results,
    private readonly packages: Packages,
  ) {}

  @Post('freeze')
  @HttpCode(201)
  @ApiOperation({ summary: 'Freeze truth, readings and predictions: what two people sign to unblind' })
  @ApiParam(ID)
  @ApiCreatedResponse({ description: 'The digests of all that results are computed from, and the digest of those.' })
  async freeze(@Param('id') study: string, @Req() request: FastifyRequest): Promise<object> {
    return toldFreeze(await this.results.freeze(callerOf(request), study));
  }

  @Get('freeze')
  @ApiOperation({ summary: 'What was frozen' })
  @ApiParam(ID)
  @ApiOkResponse({ description: 'It.' })
  async frozen(@Param('id') study: string, @Req() request: FastifyRequest): Promise<object> {
    return toldFreeze(await this.results.frozen(callerOf(request), study));
  }

  @Post('analyses')
  @HttpCode(201)
  @ApiOperation({ summary: 'Compute the results by the locked plan; once that is done, by another plan, post-hoc' })
  @ApiParam(ID)
  @ApiBody({ schema: { type: 'object', properties: { plan: { type: 'object', description: 'Of a post-hoc analysis' } } } })
  @ApiCreatedResponse({ description: 'Every endpoint with its interval, or the code of why it has none, and the cases behind it.' })
  async analyse(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { plan } = bodyPlace(body).object<{ plan?: ReturnType<typeof planAt> }>({ plan: planAt }, ['plan']);
    return toldAnalysis(await this.results.analyse(callerOf(request), study, plan));
  }

  @Get('analyses')
  @ApiOperation({ summary: 'The results' })
  @ApiParam(ID)
  @ApiOkResponse({ description: '`analyses`: the primary one first.' })
  async analyses(@Param('id') study: string, @Req() request: FastifyRequest): Promise<{ analyses: object[] }> {
    return { analyses: (await this.results.analyses(callerOf(request), study)).map(toldAnalysis) };
  }

  @Get('package')
  @ApiOperation({ summary: 'The evidence package of the study as it is now: a ZIP that can be checked without us' })
  @ApiParam(ID)
  @ApiProduces('application/zip')
  @ApiOkResponse({
    description: 'Sealed once for each state of the study; the same bytes whenever it is asked for again (docs/evidence-package.md).',
  })
  async package(@Param('id') study: string, @Req() request: FastifyRequest): Promise<StreamableFile> {
    const { zip, number } = await this.packages.ofStudy(callerOf(request), study);
    const disposition = `attachment; filename="evidence-${study}-${number}.zip"`;
    return new StreamableFile(Readable.from(zip.bytes()), { type: 'application/zip', length: zip.size, disposition });
  }

  @Get('packages')
  @ApiOperation({ summary: 'The packages that were sealed; `tagSha512` is what people sign of one' })
  @ApiParam(ID)
  @ApiOkResponse({ description: '`packages`, the first one first.' })
  async sealed(@Param('id') study: string, @Req() request: FastifyRequest): Promise<{ packages: Omit<PackageRow, 'facts'>[] }> {
    const packages = await this.packages.list(callerOf(request), study);
    return { packages: packages.map(({ facts: _facts, ...row }) => row) };
  }
}
