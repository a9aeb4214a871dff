import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { parameterPairs } from '../../records/parameter-pairs.js';
import { readText } from '../../records/validation/validate-text.js';
import { FHIR_JSON, queryPairs } from './answer.js';

/** An operation that is posted with Parameters, or with nothing, and changes nothing (R4 operations.html#executing). */
export const PostedParameters = () =>
  applyDecorators(
    HttpCode(200),
    ApiConsumes(FHIR_JSON, 'application/json', 'application/fhir+xml'),
    ApiBody({ description: 'Parameters', required: false, schema: { type: 'object' } }),
  );

/**
 * What an operation is asked: parameters of the query and, where it is posted, those of the Parameters in its body, each with its
 * value as text (R4 operations.html#executing). @throws MalformedJson
 */
export const operationPairs = (request: FastifyRequest, body: unknown): [string, string][] => [
  ...queryPairs(request),
  ...parametersOf(body),
];

const parametersOf = (body: unknown): [string, string][] =>
  typeof body !== 'string' || body === '' ? [] : parameterPairs(readText(body).value);
