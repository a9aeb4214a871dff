import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Datasets, type Making } from '../../evidence/studies/datasets.js';
import type { DatasetDetails, DatasetRow } from '../../evidence/studies/datasets.sql.js';
import { datasetAt } from '../../evidence/studies/read-dataset.js';
import { callerOf } from '../called-by.js';
import { bodyPlace, sliceIn } from './asked.js';
import { DATASET_SCHEMA } from './dataset-asked.js';

const ID = { name: 'id', description: 'Of the dataset' };

type Told = Making | (Omit<DatasetRow, 'details'> & DatasetDetails & { readonly state: 'frozen' });

const told = ({ details, ...row }: DatasetRow): Told => ({ ...row, state: 'frozen', ...(JSON.parse(details) as DatasetDetails) });

/** Datasets of cases of the archive: frozen as they are made. */
@ApiTags('Validation studies')
@ApiForbiddenResponse({ description: 'The caller’s role does not do this.' })
@Controller('evidence/datasets')
export class DatasetsController {
  constructor(private readonly datasets: Datasets) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Make a dataset: cases chosen from the archive, checked against what the model was trained on, and frozen' })
  @ApiBody({ schema: DATASET_SCHEMA })
  @ApiAcceptedResponse({ description: 'It is being made: look at it by its `id`.' })
  @ApiUnprocessableEntityResponse({ description: 'The server has no such model.' })
  begin(@Body() body: unknown, @Req() request: FastifyRequest): Making {
    return this.datasets.begin(callerOf(request), datasetAt(bodyPlace(body)));
  }

  @Get()
  @ApiOperation({ summary: 'Datasets, newest first' })
  @ApiQuery({ name: 'count', required: false, description: 'How many, 200 at most; 50' })
  @ApiQuery({ name: 'after', required: false, description: 'Id of the last one of the page before' })
  @ApiOkResponse({ description: '`datasets`; `next` where there may be more: `after` of the next page.' })
  async list(
    @Req() request: FastifyRequest,
    @Query('count') count?: string,
    @Query('after') after?: string,
  ): Promise<{ datasets: Told[]; next?: string }> {
    const slice = sliceIn(count, after);
    const rows = await this.datasets.page(callerOf(request), slice);
    return { datasets: rows.map(told), ...(rows.length === slice.limit && { next: rows[slice.limit - 1].id }) };
  }

  @Get(':id')
  @ApiOperation({
    summary: 'A dataset: how its cases were chosen, duplicates, what is missing, and the check against the training; or how far it is',
  })
  @ApiParam(ID)
  @ApiOkResponse({ description: '`state`: making, refused (with `code`), frozen.' })
  @ApiNotFoundResponse({ description: 'There is none.' })
  async one(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Told> {
    const found = await this.datasets.one(callerOf(request), id);
    return 'details' in found ? told(found) : found;
  }

  @Get(':id/manifest')
  @ApiOperation({ summary: 'The manifest: a line a case, by de-identified keys and hashes; its SHA-256 is the dataset’s' })
  @ApiParam(ID)
  @ApiProduces('application/x-ndjson')
  @Header('Content-Type', 'application/x-ndjson')
  @ApiOkResponse({ description: 'It.' })
  @ApiNotFoundResponse({ description: 'There is none.' })
  async manifest(@Param('id') id: string, @Req() request: FastifyRequest): Promise<string> {
    return this.datasets.manifest(callerOf(request), id);
  }
}
