import { jsonToXml } from '../records/xml/to-xml.js';
import { post } from './endpoint.js';
import type { SubscriptionForm } from './subscription-form.js';

/** Posts a notification to a rest-hook's endpoint. @param text  Bundle, JSON @throws EndpointFailed */
export const send = (
  { endpoint = '', headers, mediaType, timeoutSeconds }: SubscriptionForm,
  text: string,
  allowed: readonly string[],
): Promise<void> =>
  post(endpoint, {
    headers: { ...Object.fromEntries(headers), 'content-type': `${mediaType}; charset=utf-8; fhirVersion=4.0` },
    body: mediaType === 'application/fhir+xml' ? jsonToXml(text) : text,
    timeoutSeconds,
    allowed,
  });
