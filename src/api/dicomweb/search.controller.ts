import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Level } from '../../archive/attribute-levels.js';
import { Search } from '../../archive/search.js';
import { storedDataset } from '../../archive/studies.js';
import { PublicAddress } from '../../public-address.js';
import { callerOf } from '../called-by.js';
import { baseUrl } from '../base-url.js';
import { Accept } from '../accept.js';
import { ACCEPT } from '../media-types.js';
import { SeriesPath, StudyPath } from './archive-paths.js';
import { DICOM_JSON, DICOM_XML } from './dataset-body.js';
import { matchesForm, sendMatches } from './dataset-list.js';
import { searchQuery } from './search-query.js';

const MATCHES = { description: 'The matches; Warning 299 when there are more of them.' };

type SearchParameters = Record<string, string | string[]>;

/** Search (QIDO-RS, PS3.18 10.6). */
@ApiTags('DICOMweb')
@ApiProduces(DICOM_JSON, `multipart/related; type="${DICOM_XML}"`)
@ApiQuery({
  name: 'parameters',
  required: false,
  style: 'form',
  explode: true,
  type: 'object',
  additionalProperties: { type: 'string' },
  description:
    'Matching keys by keyword, tag or path (PatientID, 00100020, RequestAttributesSequence.AccessionNumber …), includefield, limit, ' +
    'offset, fuzzymatching, emptyvaluematching, multiplevaluematching',
})
@ApiHeader(ACCEPT)
@Controller('dicom-web')
export class SearchController {
  constructor(
    private readonly search: Search,
    private readonly address: PublicAddress,
  ) {}

  @Get('studies')
  @ApiOperation({ summary: 'Search studies (QIDO-RS, PS3.18 10.6)' })
  @ApiOkResponse(MATCHES)
  studies(@Query() query: SearchParameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.find('study', query, {}, request, reply, accept);
  }

  @Get('series')
  @ApiOperation({ summary: 'Search series' })
  @ApiOkResponse(MATCHES)
  series(@Query() query: SearchParameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.find('series', query, {}, request, reply, accept);
  }

  @Get('instances')
  @ApiOperation({ summary: 'Search instances' })
  @ApiOkResponse(MATCHES)
  instances(@Query() query: SearchParameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.find('instance', query, {}, request, reply, accept);
  }

  @Get('studies/:study/series')
  @ApiOperation({ summary: 'Search the series of a study' })
  @ApiOkResponse(MATCHES)
  @ApiParam({ name: 'study', description: 'Study Instance UID' })
  seriesOfStudy(
    @Param() path: StudyPath,
    @Query() query: SearchParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ) {
    return this.find('series', query, path, request, reply, accept);
  }

  @Get('studies/:study/instances')
  @ApiOperation({ summary: 'Search the instances of a study' })
  @ApiOkResponse(MATCHES)
  @ApiParam({ name: 'study', description: 'Study Instance UID' })
  instancesOfStudy(
    @Param() path: StudyPath,
    @Query() query: SearchParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ) {
    return this.find('instance', query, path, request, reply, accept);
  }

  @Get('studies/:study/series/:series/instances')
  @ApiOperation({ summary: 'Search the instances of a series' })
  @ApiOkResponse(MATCHES)
  @ApiParam({ name: 'study', description: 'Study Instance UID' })
  @ApiParam({ name: 'series', description: 'Series Instance UID' })
  instancesOfSeries(
    @Param() path: SeriesPath,
    @Query() query: SearchParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ) {
    return this.find('instance', query, path, request, reply, accept);
  }

  private async find(
    level: Level,
    query: SearchParameters,
    path: Readonly<Partial<Record<'study' | 'series', string>>>,
    request: FastifyRequest,
    reply: FastifyReply,
    accept: string | undefined,
  ): Promise<void> {
    const form = matchesForm(accept);
    const base = baseUrl(request, this.address);
    const wanted = searchQuery(level, query, path);
    const { matches, more } = await this.search.find(callerOf(request), { ...wanted, service: `${base}/dicom-web` });
    if (more) {
      const next = wanted.offset + matches.length;
      reply.header('Warning', `299 ${new URL(base).host} "There are more matches: ask again with offset=${next}"`); // 8.3.4.4.1
    }
    await sendMatches(reply, form, matches, (text) => text, storedDataset);
  }
}
