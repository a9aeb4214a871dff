import { Controller, Get, HttpCode, Inject, Post, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { getOperationAST, GraphQLError, parse, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Caller } from '../../access/caller.js';
import { PublicAddress } from '../../public-address.js';
import { breakOff } from '../broken-answer.js';
import { callerOf } from '../called-by.js';
import { Door } from '../door.js';
import { endWithToken } from '../end-with-token.js';
import { isOwnPage } from '../own-page.js';
import { EventStream } from './event-stream.js';
import { followed } from './event-turns.js';
import { byResponse } from '../leaving.js';
import { ForeignPage, GoingAway, NotAnEventStream, TokenOver } from './faults.js';
import { ROOMS } from './graph-rooms.module.js';
import { graphContext, type Rooms } from './loaders.js';
import { AnswerRecords } from './answer-records.js';
import { Operations, type NamedOperation } from './operations.js';
import { askedByAddress, askedByBody } from './stream-asked.js';
import { isReceiverGone } from '../receiver.js';
import { executed } from './executed.js';

/** GraphQL over Server-Sent Events, a connection for each operation ("distinct connections mode" of the graphql-sse protocol). */
@ApiExcludeController()
@Controller('graphql/stream')
export class GraphStreamController implements OnModuleDestroy {
  private readonly open = new Map<EventStream, Promise<void>>();

  constructor(
    private readonly operations: Operations,
    @Inject(ROOMS) private readonly rooms: Rooms,
    private readonly address: PublicAddress,
    private readonly door: Door,
    private readonly records: AnswerRecords,
  ) {}

  @Post()
  @HttpCode(200)
  async byPost(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(request, reply, askedByBody(request.body));
  }

  /** For what can do no other: a browser's EventSource, which sends no token and so is let in where none is asked for. */
  @Get()
  async byGet(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!isOwnPage(request.headers, this.address) && !reply.hasHeader('access-control-allow-origin')) throw new ForeignPage();
    await this.answer(request, reply, askedByAddress(request.url));
  }

  /** A stream is never idle: the server would wait for it, or Apollo cut it off. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.open.keys()].map((stream) => stream.end(new GoingAway())));
    await Promise.allSettled(this.open.values());
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, asked: NamedOperation): Promise<void> {
    if (!/text\/event-stream|\*\/\*/.test(request.headers.accept ?? '*/*')) throw new NotAnEventStream();
    const caller = callerOf(request);
    const stop = this.operations.open.count(caller, () => 1);
    try {
      this.operations.open.check(caller);
      await this.follow(caller, request, reply, asked);
    } finally {
      stop();
    }
  }

  private async follow(caller: Caller, request: FastifyRequest, reply: FastifyReply, asked: NamedOperation): Promise<void> {
    const results = await this.run(asked, request.method, caller, reply);
    const stream = new EventStream(reply);
    const sent = stream.send(results).finally(() => this.open.delete(stream));
    this.open.set(stream, sent);
    const connection = {
      close: () => void stream.end(new TokenOver()),
      once: (_over: 'close', ended: () => void) => reply.raw.once('close', ended),
    };
    if (!isReceiverGone(reply.raw)) endWithToken(caller, connection, () => this.door.stillOpenTo(request.headers));
    await sent;
  }

  /** Errors of the document are told in the stream, as graphql-sse's protocol has it. */
  private async run(
    named: NamedOperation,
    method: string,
    caller: Caller,
    reply: FastifyReply,
  ): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
    const asked = await this.operations.documented(named);
    if (asked instanceof GraphQLError) return { errors: [asked] };
    const errors = this.operations.refusals(asked);
    if (errors.length > 0) return { errors };
    await this.operations.keep(named);
    const { schema } = this.operations;
    const document = parse(asked.query); // it was, a moment ago
    const operation = getOperationAST(document, asked.operationName)?.operation;
    if (operation === 'mutation' && method === 'GET') throw new ForeignPage(); // a link could change something
    const { turns } = this.operations;
    const leaving = byResponse(reply.raw);
    const run: ExecutionArgs = {
      schema,
      document,
      operationName: asked.operationName,
      variableValues: asked.variables,
      contextValue: graphContext(caller, this.rooms, leaving),
    };
    if (operation === 'subscription') return followed(run, asked.query, { turns, records: this.records });
    const turn = await turns.takeFor(caller, leaving, () => breakOff(reply));
    try {
      return await this.records.recorded(run, asked.query, await executed(run));
    } finally {
      turn.made();
    }
  }
}
