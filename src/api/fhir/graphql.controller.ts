import { applyDecorators, Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { PublicAddress } from '../../public-address.js';
import { Settings } from '../../settings.js';
import { FhirGraph } from '../../records/graphql/fhir-graph.js';
import { AccessLog } from '../../ledger/access-log.js';
import { breakOff } from '../broken-answer.js';
import { callerOf } from '../called-by.js';
import { formatGraphError } from '../graph-errors.js';
import { refusedFieldsOnRecord } from '../refused-fields.js';
import { byResponse } from '../leaving.js';
import { Turns } from '../turns.js';
import { negotiate, parseMediaType } from '../media-types.js';
import { checkedId, checkedType, fhirBase, TypeNotServed } from './addresses.js';
import { READ_ONLY_TYPE } from '../../records/served-types.js';
import { FHIR_JSON, queryPairs } from './answer.js';
import { GRAPHQL } from './bodies.js';
import { askedByJson, askedByTexts, graphDocument, NoGraphRequest, type GraphRequest } from './graphql-asked.js';

const JSON_TYPE = 'application/json';
/** GraphQL over HTTP's own: by it a client says that it takes GraphQL's answers to the letter. */
const GRAPHQL_ANSWER = 'application/graphql-response+json';

const GIVES =
  'GraphQL: data, and errors where there were any. A query that is wrong gives errors alone: 400 by application/graphql-response+json.';

const Asked = () =>
  applyDecorators(
    ApiQuery({ name: 'query', required: true, description: 'The query' }),
    ApiQuery({ name: 'operationName', required: false }),
    ApiQuery({ name: 'variables', required: false, description: 'A JSON object' }),
    ApiOkResponse({ description: GIVES }),
  );
const Posted = () =>
  applyDecorators(
    HttpCode(200),
    ApiConsumes(JSON_TYPE, GRAPHQL, FHIR_JSON),
    ApiBody({ description: 'query, operationName, variables; or Parameters with them', schema: { type: 'object' } }),
    ApiOkResponse({ description: GIVES }),
  );
const OfOne = () =>
  applyDecorators(ApiParam({ name: 'type', description: 'A resource type of the CapabilityStatement' }), ApiParam({ name: 'id' }));

/** FHIR R4: GraphQL of the whole server, and of one resource (R4 graphql.html, resource-operation-graphql.html). */
@ApiTags('FHIR R4')
@ApiProduces(JSON_TYPE, GRAPHQL_ANSWER)
@Controller('fhir')
export class FhirGraphController {
  private readonly turns = new Turns();

  constructor(
    private readonly graph: FhirGraph,
    private readonly address: PublicAddress,
    private readonly log: AccessLog,
    private readonly settings: Settings,
  ) {}

  @Get('$graphql')
  @ApiOperation({ summary: 'Ask by GraphQL (R4 graphql.html)' })
  @Asked()
  async ask(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tell(askedByTexts(queryPairs(request)), undefined, request, reply);
  }

  @Post('$graphql')
  @ApiOperation({ summary: 'Ask by GraphQL (R4 graphql.html)' })
  @Posted()
  async askByPost(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tell(posted(body, request), undefined, request, reply);
  }

  @Get(':type/:id/$graphql')
  @ApiOperation({ summary: 'Ask a resource by GraphQL: its members are the fields (R4 graphql.html)' })
  @OfOne()
  @Asked()
  async askOne(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const of = placeOf(type, id);
    await this.tell(askedByTexts(queryPairs(request)), of, request, reply);
  }

  @Post(':type/:id/$graphql')
  @ApiOperation({ summary: 'Ask a resource by GraphQL: its members are the fields (R4 graphql.html)' })
  @OfOne()
  @Posted()
  async askOneByPost(
    @Param('type') type: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const of = placeOf(type, id);
    await this.tell(posted(body, request), of, request, reply);
  }

  private async tell(
    asked: GraphRequest,
    of: { type: string; id: string } | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const form = negotiate(request.headers.accept, [JSON_TYPE, GRAPHQL_ANSWER, FHIR_JSON]);
    const turn = await this.turns.takeFor(callerOf(request), byResponse(reply.raw), () => breakOff(reply));
    const { data, errors } = await this.answerTo(asked, of, form, request).finally(() => turn.made());
    await refusedFieldsOnRecord(this.log, callerOf(request), errors, { query: asked.query, variables: asked.variables });
    const answer = { ...(errors && { errors: errors.map(errorForm) }), ...(data !== undefined && { data }) };
    // GraphQL over HTTP, "Status codes": by application/json a request that could be read is always 200.
    const isWrong = data === undefined && form === GRAPHQL_ANSWER;
    await reply
      .code(isWrong ? 400 : 200)
      .type(`${form === GRAPHQL_ANSWER ? form : JSON_TYPE}; charset=utf-8`)
      .send(JSON.stringify(answer));
  }

  private async answerTo(
    { query, operationName, variables }: GraphRequest,
    of: { type: string; id: string } | undefined,
    form: string,
    request: FastifyRequest,
  ): Promise<ExecutionResult> {
    const absent = form === GRAPHQL_ANSWER ? 'null' : 'nothing';
    const base = fhirBase(request, this.address);
    const parse = (text: string) => graphDocument(text, this.settings.GRAPHQL_INTROSPECTION === '1');
    return this.graph.run(callerOf(request), { query, parse, operationName, variables, base, of, absent });
  }
}

/** @throws TypeNotServed, also for AuditEvent: of the record of accesses there is no graph. */
function placeOf(type: string, id: string): { type: string; id: string } {
  if (type === READ_ONLY_TYPE) throw new TypeNotServed();
  return { type: checkedType(type), id: checkedId(id) };
}

const errorForm = (error: GraphQLError) => formatGraphError(error.toJSON(), error, 'GRAPHQL_VALIDATION_FAILED');

/** @throws NoGraphRequest, GraphRequestTooLong */
function posted(body: unknown, request: FastifyRequest): GraphRequest {
  if (typeof body !== 'string') throw new NoGraphRequest('has no query');
  const { mediaType } = parseMediaType(request.headers['content-type'] ?? '');
  return mediaType === GRAPHQL ? askedByTexts([...queryPairs(request), ['query', body]]) : askedByJson(body);
}
