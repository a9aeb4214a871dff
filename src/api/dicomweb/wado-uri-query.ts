import { isUid, uid, type Uid } from '../../dicom/uid.js';
import { Fault } from '../../faults.js';
import { parseMediaType } from '../media-types.js';
import type { InstancePath } from './archive-paths.js';

/** A parameter of a WADO-URI request is missing, ill-formed or out of place (PS3.18 9.4.2, 9.5.2). */
export class BadUriParameter extends Fault {
  readonly code = 'bad-uri-parameter';
  readonly status = 400;

  constructor(name: string, why: string) {
    super(`The query parameter ${name} ${why}.`);
  }
}

/** A parameter that a server may leave out. To pass it over would show something else than was asked for, or a name to whoever asked for none. */
export class UriParameterNotOffered extends Fault {
  readonly code = 'uri-parameter-not-offered';
  readonly status = 501;

  constructor(name: string) {
    super(`This server does not offer the query parameter ${name}.`);
  }
}

/** A WADO-URI request (PS3.18 9.1.2, 9.4.1, 9.5.1). */
export interface WadoUriRequest {
  readonly path: InstancePath;
  /** Acceptable media types in order, as in an Accept header; undefined where the header decides. */
  readonly contentType: string | undefined;
  readonly transferSyntax: Uid | '*' | undefined;
  readonly frameNumber: number | undefined;
  /** 1 to 100. */
  readonly imageQuality: number | undefined;
  /** Each a maximum for the image, its aspect kept; one that is not given bounds nothing (9.5.2.5). */
  readonly viewport: { readonly rows: number; readonly columns: number } | undefined;
  readonly window: { readonly windowCenter: number; readonly windowWidth: number } | undefined;
  /** Left, top, right and bottom, 0 to 1 of the image (9.5.1.2.5). */
  readonly region: readonly number[] | undefined;
  readonly presentation: { readonly series: Uid; readonly instance: Uid } | undefined;
  /** Something is to be written into the image (9.5.1.2.2). */
  readonly annotated: boolean;
}

/** The largest viewport side that images are scaled to. */
const LARGEST_SIDE = 16_384;
const DECIMAL = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * A query string as a request. Names are case-sensitive; those that the clause does not know are passed over.
 * @throws BadUriParameter, MalformedUid
 * @throws UriParameterNotOffered  anonymize: an identity is taken out of a whole instance, pixels too, or not at all
 */
export function wadoUriRequest(query: Query): WadoUriRequest {
  if (once(query, 'requestType') !== 'WADO') throw new BadUriParameter('requestType', 'must be WADO');
  const anonymize = once(query, 'anonymize');
  if (anonymize !== undefined && anonymize !== 'yes') throw new BadUriParameter('anonymize', 'must be yes or left out');
  const request = {
    path: { study: requiredUid(query, 'studyUID'), series: requiredUid(query, 'seriesUID'), instance: requiredUid(query, 'objectUID') },
    contentType: mediaTypes(query),
    // Not in the clause, but what DICOMweb means by it: as it is stored.
    transferSyntax: query['transferSyntax'] === '*' ? ('*' as const) : optionalUid(query, 'transferSyntax'),
    frameNumber: wholeNumber(query, 'frameNumber', 999_999_999),
    imageQuality: wholeNumber(query, 'imageQuality', 100),
    viewport: viewport(query),
    window: window(query),
    region: region(query),
    presentation: presentation(query),
    annotated: query['annotation'] !== undefined || query['imageAnnotation'] !== undefined,
  };
  const { presentation: state, window: of, frameNumber } = request;
  if (state && (of || frameNumber !== undefined))
    throw new BadUriParameter('presentationUID', 'stands with no window and no frame (9.5.2.3)');
  if (anonymize === 'yes') throw new UriParameterNotOffered('anonymize');
  return request;
}

/** `contentType`: media types without transfer syntax or character set, which have parameters of their own (9.1.2.2.1). */
function mediaTypes(query: Query): string | undefined {
  const text = [query['contentType'] ?? []]
    .flat()
    .join(',')
    .replaceAll(/(?<=\w)\s(?=\w)/g, '+');
  if (text.trim() === '') return undefined;
  for (const one of text.split(',')) {
    const { mediaType, parameters } = parseMediaType(one);
    if ('transfer-syntax' in parameters || 'charset' in parameters)
      throw new BadUriParameter('contentType', 'must name no transfer-syntax and no charset: they have query parameters of their own');
    if (!/^[\w.+-]+\/[\w.+-]+$/.test(mediaType)) throw new BadUriParameter('contentType', 'must be media types, separated by commas');
  }
  return text;
}

function once(query: Query, name: string): string | undefined {
  const given = query[name];
  if (given === undefined || typeof given === 'string') return given;
  throw new BadUriParameter(name, 'must be given once');
}

function requiredUid(query: Query, name: string): Uid {
  const text = once(query, name);
  if (text === undefined || text === '') throw new BadUriParameter(name, 'is required');
  return uid(text);
}

function wholeNumber(query: Query, name: string, largest: number): number | undefined {
  const text = once(query, name);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text) || Number(text) > largest) throw new BadUriParameter(name, `must be a whole number, 1 to ${largest}`);
  return Number(text);
}

function optionalUid(query: Query, name: string): Uid | undefined {
  const text = once(query, name);
  if (text === undefined) return undefined;
  if (!isUid(text)) throw new BadUriParameter(name, 'must be one UID');
  return text;
}

function decimal(query: Query, name: string): number | undefined {
  const text = once(query, name);
  if (text === undefined) return undefined;
  if (!DECIMAL.test(text)) throw new BadUriParameter(name, 'must be a decimal number');
  return Number(text);
}

function viewport(query: Query): WadoUriRequest['viewport'] {
  const [rows, columns] = [wholeNumber(query, 'rows', LARGEST_SIDE), wholeNumber(query, 'columns', LARGEST_SIDE)];
  if (rows === undefined && columns === undefined) return undefined;
  return { rows: rows ?? LARGEST_SIDE, columns: columns ?? LARGEST_SIDE };
}

/** Both or neither (9.5.2.2); the width as LINEAR needs it (PS3.3 C.11.2.1.2.1). */
function window(query: Query): WadoUriRequest['window'] {
  const [windowCenter, windowWidth] = [decimal(query, 'windowCenter'), decimal(query, 'windowWidth')];
  if (windowCenter === undefined && windowWidth === undefined) return undefined;
  if (windowCenter === undefined || windowWidth === undefined)
    throw new BadUriParameter('windowCenter', 'and windowWidth must be given both');
  if (windowWidth < 1) throw new BadUriParameter('windowWidth', 'must be 1 or more');
  return { windowCenter, windowWidth };
}

function region(query: Query): readonly number[] | undefined {
  const text = once(query, 'region');
  if (text === undefined) return undefined;
  const sides = text.split(',');
  const [left, top, right, bottom] = sides.map(Number);
  const fits =
    sides.length === 4 &&
    sides.every((one) => DECIMAL.test(one)) &&
    0 <= left &&
    left < right &&
    right <= 1 &&
    0 <= top &&
    top < bottom &&
    bottom <= 1;
  if (!fits) throw new BadUriParameter('region', 'must be left, top, right and bottom, 0 to 1 of the image');
  return [left, top, right, bottom];
}

function presentation(query: Query): WadoUriRequest['presentation'] {
  const [series, instance] = [optionalUid(query, 'presentationSeriesUID'), optionalUid(query, 'presentationUID')];
  if (series === undefined && instance === undefined) return undefined;
  if (series === undefined || instance === undefined)
    throw new BadUriParameter('presentationUID', 'and presentationSeriesUID must be given both');
  return { series, instance };
}
