import { Controller, Get, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { derivedUid } from '../../dicom/derived-uid.js';
import { firstText, type DicomJson } from '../../dicom/dicom-json.js';
import { dicomJsonText } from '../../dicom/dicom-json-text.js';
import { uid } from '../../dicom/uid.js';
import { PublicAddress } from '../../public-address.js';
import { BadAttributeValue, MissingAttributes } from '../../worklist/faults.js';
import { isWorkitemState, SOP_INSTANCE_UID, STATE, TRANSACTION_UID } from '../../worklist/workitem-attributes.js';
import { Worklist } from '../../worklist/worklist.js';
import type { Caller } from '../../access/caller.js';
import { CalledBy, callerOf } from '../called-by.js';
import { Accept } from '../accept.js';
import { baseUrl } from '../base-url.js';
import { ACCEPT, choose } from '../media-types.js';
import type { Offer } from '../offer.js';
import { datasetBody, DICOM_JSON, DICOM_XML } from './dataset-body.js';
import { DATASET_LIST, matchesForm, sendMatches, xmlParts } from './dataset-list.js';
import { multipartBody } from './multipart-body.js';
import { streamOf } from './send-pieces.js';
import { MalformedWorkitem, workitemBody } from './workitem-body.js';
import { RequesterPath, WorkitemPath } from './workitem-paths.js';
import { uidParameter, workitemSearch, type QueryParameters } from './workitem-query.js';
import { warn } from './warning.js';
import { warnOfFault } from './workitem-warnings.js';

const UID = { name: 'workitem', description: 'SOP Instance UID of the workitem' };
/** The forms of one workitem (PS3.18 11.5.3): JSON, or XML, in a part of its own or by itself. */
const WORKITEM: readonly Offer[] = [...DATASET_LIST, { mediaType: DICOM_XML }];
const BODY = { schema: { type: 'array', items: { type: 'object' } } } as const;

/** The worklist service (UPS-RS, PS3.18 section 11): work that one system schedules and another performs. */
@ApiTags('DICOMweb worklist')
@ApiHeader(ACCEPT)
@Controller('dicom-web/workitems')
export class WorkitemsController {
  constructor(
    private readonly worklist: Worklist,
    private readonly address: PublicAddress,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Create a workitem (PS3.18 11.4)' })
  @ApiConsumes(DICOM_JSON, DICOM_XML)
  @ApiBody(BODY)
  @ApiQuery({ name: 'workitem', required: false, description: 'The UID of the new workitem, where its sender chooses it' })
  @ApiResponse({ status: 201, description: 'It is created; Content-Location says where it is.' })
  async create(@Query() query: QueryParameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const sent = (await workitemBody(request)) ?? missingBody();
    const named = uidParameter(query, 'workitem', 'affectedsopinstanceuid');
    const inBody = firstText(sent, SOP_INSTANCE_UID);
    if (named !== undefined && inBody !== undefined && inBody !== named)
      throw new BadAttributeValue(SOP_INSTANCE_UID, 'is not the UID of the address');
    const workitemUID = named ?? (inBody === undefined ? derivedUid(randomUUID()) : uid(inBody, SOP_INSTANCE_UID));
    const { modified } = await this.worklist.create(callerOf(request), workitemUID, sent);
    const base = baseUrl(request, this.address);
    const place = `${base}/dicom-web/workitems/${workitemUID}`;
    if (modified) warn(reply, base, 'The Workitem was created with modifications.');
    await reply.code(201).header('Content-Location', place).header('Location', place).send();
  }

  @Get()
  @ApiOperation({ summary: 'Search for workitems (PS3.18 11.9)' })
  @ApiProduces(DICOM_JSON, `multipart/related; type="${DICOM_XML}"`)
  @ApiQuery({
    name: 'parameters',
    required: false,
    style: 'form',
    explode: true,
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Matching keys by keyword or tag, into sequences by a dot; includefield, limit, offset',
  })
  @ApiResponse({ status: 200, description: 'The matches; Warning 299 when there are more of them.' })
  async search(
    @Query() query: QueryParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ): Promise<void> {
    const form = matchesForm(accept);
    const wanted = workitemSearch(query);
    const { matches, more } = await this.worklist.search(callerOf(request), wanted);
    if (more) warn(reply, baseUrl(request, this.address), `There are more matches: ask again with offset=${wanted.offset + wanted.limit}`);
    await sendMatches(reply, form, matches, dicomJsonText, (match) => match);
  }

  @Get(':workitem')
  @ApiOperation({ summary: 'Retrieve a workitem (PS3.18 11.5)' })
  @ApiParam(UID)
  @ApiProduces(DICOM_JSON, `multipart/related; type="${DICOM_XML}"`, DICOM_XML)
  @ApiResponse({ status: 200, description: 'The workitem, without its Transaction UID.' })
  async retrieve(
    @Param() path: WorkitemPath,
    @CalledBy() caller: Caller,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ): Promise<void> {
    const { mediaType, multipart } = choose(accept, WORKITEM).offer;
    const attributes = await this.worklist.read(caller, path.workitem);
    reply.header('Cache-Control', 'no-cache');
    if (multipart) {
      const { pieces, contentType } = multipartBody(DICOM_XML, xmlParts([attributes]));
      return void (await reply.type(contentType).send(streamOf(pieces)));
    }
    const body = datasetBody(attributes, mediaType);
    // JSON is an array always (PS3.18 F.2.1). Bytes: to a text Fastify would add a charset, which JSON has none of (RFC 8259 11).
    await reply.type(mediaType).send(Buffer.from(mediaType === DICOM_XML ? body : `[${body}]`));
  }

  @Post(':workitem')
  @ApiOperation({ summary: 'Update a workitem (PS3.18 11.6)' })
  @ApiParam(UID)
  @ApiConsumes(DICOM_JSON, DICOM_XML)
  @ApiBody(BODY)
  @ApiQuery({ name: 'transaction-uid', required: false, description: 'The Transaction UID, once the workitem is IN PROGRESS' })
  @ApiResponse({ status: 200, description: 'It is updated.' })
  async update(@Param() path: WorkitemPath, @Query() query: QueryParameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const sent = (await workitemBody(request)) ?? missingBody();
    const transaction = uidParameter(query, 'transaction-uid', 'transactionuid', 'transaction') ?? firstText(sent, TRANSACTION_UID);
    const base = baseUrl(request, this.address);
    await warnOfFault(reply, base, this.worklist.update(callerOf(request), path.workitem, sent, transaction));
    await reply.code(200).header('Content-Location', `${base}/dicom-web/workitems/${path.workitem}`).send();
  }

  @Put(':workitem/state')
  @ApiOperation({ summary: 'Take, complete or cancel a workitem (PS3.18 11.7)' })
  @ApiParam(UID)
  @ApiConsumes(DICOM_JSON, DICOM_XML)
  @ApiBody(BODY)
  @ApiResponse({ status: 200, description: 'It has the state asked for; Warning 299 where it had it before.' })
  async changeState(@Param() path: WorkitemPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const sent = (await workitemBody(request)) ?? missingBody();
    const state = firstText(sent, STATE);
    if (state === undefined) throw new MissingAttributes([STATE]);
    if (!isWorkitemState(state)) throw new BadAttributeValue(STATE, 'is no Procedure Step State');
    const base = baseUrl(request, this.address);
    const change = this.worklist.changeState(callerOf(request), path.workitem, state, firstText(sent, TRANSACTION_UID));
    const { already } = await warnOfFault(reply, base, change);
    if (already) warn(reply, base, `The UPS is already in the requested state of ${state}.`);
    await reply.header('Content-Location', `${base}/dicom-web/workitems/${path.workitem}`).send();
  }

  @Put(':workitem/state/:requester')
  @ApiOperation({ summary: 'The same, with the AE title of who asks, as older editions have it' })
  @ApiParam(UID)
  @ApiParam({ name: 'requester', description: 'AE title' })
  @ApiConsumes(DICOM_JSON, DICOM_XML)
  @ApiBody(BODY)
  changeStateBy(@Param() path: RequesterPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.changeState(path, request, reply);
  }

  @Post(':workitem/cancelrequest')
  @ApiOperation({ summary: 'Ask that a workitem be cancelled (PS3.18 11.8)' })
  @ApiParam(UID)
  @ApiConsumes(DICOM_JSON, DICOM_XML)
  @ApiBody({ ...BODY, required: false })
  @ApiResponse({ status: 202, description: 'It is cancelled, or its performer is told; Warning 299 where it was cancelled before.' })
  async requestCancellation(
    @Param() path: RequesterPath,
    @Query() query: QueryParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sent: DicomJson = (await workitemBody(request)) ?? {};
    const [requester = path.requester] = [query['requester'] ?? []].flat();
    const base = baseUrl(request, this.address);
    const asked = this.worklist.requestCancellation(callerOf(request), path.workitem, sent, requester);
    const { already } = await warnOfFault(reply, base, asked);
    if (already) warn(reply, base, 'The UPS is already in the requested state of CANCELED.');
    await reply.code(202).send();
  }

  @Post(':workitem/cancelrequest/:requester')
  @ApiOperation({ summary: 'The same, with the AE title of who asks, as older editions have it' })
  @ApiParam(UID)
  @ApiParam({ name: 'requester', description: 'AE title' })
  @ApiConsumes(DICOM_JSON, DICOM_XML)
  @ApiBody({ ...BODY, required: false })
  requestCancellationBy(
    @Param() path: RequesterPath,
    @Query() query: QueryParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.requestCancellation(path, query, request, reply);
  }
}

function missingBody(): never {
  throw new MalformedWorkitem('there is none');
}
