import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiAcceptedResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Runs, type RunView } from '../../evidence/studies/runs.js';
import { callerOf } from '../called-by.js';

const ID = { name: 'id', description: 'Of the validation study' };

/** The run of the model under test. */
@ApiTags('Validation studies')
@ApiForbiddenResponse({ description: 'The caller’s role, or part in the study, does not do this.' })
@ApiNotFoundResponse({ description: 'There is no such study, or no run.' })
@Controller('evidence/studies/:id/run')
export class RunsController {
  constructor(private readonly runs: Runs) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Begin the run, or have one that stopped go on' })
  @ApiParam(ID)
  @ApiAcceptedResponse({ description: 'The run, and how far it is.' })
  @ApiConflictResponse({ description: 'The study does not run, or the model is not the locked one (`model-swapped`).' })
  async start(@Param('id') id: string, @Req() request: FastifyRequest): Promise<RunView> {
    return this.runs.start(callerOf(request), id);
  }

  @Get()
  @ApiOperation({ summary: 'How far the run is: cases, throughput, time left; nothing of what the model answered' })
  @ApiParam(ID)
  @ApiOkResponse({ description: 'It.' })
  async one(@Param('id') id: string, @Req() request: FastifyRequest): Promise<RunView> {
    return this.runs.one(callerOf(request), id);
  }
}
