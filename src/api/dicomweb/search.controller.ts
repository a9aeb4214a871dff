import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { LOCAL_CALLER } from '../../access/caller.js';
import type { Level } from '../../archive/index-attributes.js';
import { Search, type Match } from '../../archive/search.js';
import type { DicomElement, DicomJson } from '../../dicom/dicom-json.js';
import { dicomJsonText } from '../../dicom/dicom-json-text.js';
import { dicomXml } from '../../dicom/dicom-xml.js';
import { PublicAddress } from '../../public-address.js';
import { baseUrl } from '../base-url.js';
import { Accept } from '../accept.js';
import { ACCEPT, covers, NotAcceptable, parseAccept } from '../media-types.js';
import { SeriesPath, StudyPath } from './archive-paths.js';
import { DICOM_JSON, DICOM_XML } from './dataset-body.js';
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
  description: 'Matching keys by keyword or tag (PatientID, StudyDate, 00100020 …), includefield, limit, offset',
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
    const xml = wantsXml(accept);
    const wanted = searchQuery(level, query, path);
    const { matches, more } = await this.search.find(LOCAL_CALLER, wanted);
    const base = baseUrl(request, this.address);
    const datasets = matches.map((match) => withUrls(match, base));
    const warnings = [
      ...(more ? [`There are more matches: ask again with offset=${wanted.offset + wanted.limit}`] : []),
      ...(query['fuzzymatching'] === 'true'
        ? ['The fuzzymatching parameter is not supported. Only literal matching has been performed.']
        : []), // 8.3.4.2
    ];
    if (warnings.length > 0) reply.header('Warning', warnings.map((text) => `299 ${new URL(base).host} "${text}"`).join(', '));
    if (!xml) return void (await reply.type(DICOM_JSON).send(`[${datasets.map(dicomJsonText).join(',')}]`));
    if (datasets.length === 0) return void (await reply.code(204).send()); // a multipart body has at least one part
    const boundary = randomUUID();
    const parts = datasets.map((one) => `--${boundary}\r\nContent-Type: ${DICOM_XML}\r\n\r\n${dicomXml(one)}\r\n`);
    await reply.type(`multipart/related; type="${DICOM_XML}"; boundary=${boundary}`).send(`${parts.join('')}--${boundary}--\r\n`);
  }
}

function wantsXml(accept: string | undefined): boolean {
  for (const entry of parseAccept(accept)) {
    if (covers(entry, DICOM_JSON) || covers(entry, 'application/json')) return false;
    if (entry.mediaType === DICOM_XML || (entry.mediaType === 'multipart/related' && entry.parameters['type'] === DICOM_XML)) return true;
  }
  throw new NotAcceptable([DICOM_JSON, `multipart/related; type="${DICOM_XML}"`]);
}

/** Where the match is to be had, and its bulk data. */
function withUrls({ attributes, studyInstanceUID, seriesInstanceUID, sopInstanceUID }: Match, base: string): DicomJson {
  const url =
    `${base}/dicom-web/studies/${studyInstanceUID}` +
    (seriesInstanceUID === undefined ? '' : `/series/${seriesInstanceUID}`) +
    (sopInstanceUID === undefined ? '' : `/instances/${sopInstanceUID}`);
  return { ...withBulkDataAt(attributes, url), '00081190': { vr: 'UR', Value: [url] } };
}

/** Stored BulkDataURIs are relative to their instance. */
const withBulkDataAt = (dataset: DicomJson, url: string): DicomJson =>
  Object.fromEntries(
    Object.entries(dataset).map(([at, element]): [string, DicomElement] => {
      if (element.BulkDataURI !== undefined) return [at, { ...element, BulkDataURI: `${url}/${element.BulkDataURI}` }];
      // The items of a sequence are data sets (PS3.18 F.2.2).
      return [
        at,
        element.vr === 'SQ' && element.Value
          ? { ...element, Value: element.Value.map((item) => withBulkDataAt(item as DicomJson, url)) }
          : element,
      ];
    }),
  );
