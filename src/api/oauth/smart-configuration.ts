import type { Settings } from '../../settings.js';
import { TOLD_SCOPES } from '../../issuer/scopes.js';

/** What is claimed of SMART App Launch 2.2 ("Conformance": capabilities), and of Argonaut's SMART Imaging Access 0.1.0. */
const CAPABILITIES = [
  'launch-ehr',
  'launch-standalone',
  'client-public',
  'client-confidential-asymmetric',
  'client-confidential-symmetric',
  'sso-openid-connect',
  'context-banner',
  'context-ehr-patient',
  'context-ehr-encounter',
  'context-standalone-patient',
  'permission-offline',
  'permission-online',
  'permission-patient',
  'permission-user',
  'permission-v1',
  'permission-v2',
  'smart-imaging-access',
  'http://fhir.org/argonaut/smart-imaging/capabilities/app-launch',
  'http://fhir.org/argonaut/smart-imaging/capabilities/backend-services',
];

const EXAMPLES = ['patient/*.rs', 'user/*.cruds', 'system/*.rs'];

/** `.well-known/smart-configuration` (SMART App Launch 2.2, "Using .well-known"). @param base  where the server is reached */
export function smartConfiguration(base: string, { OAUTH_REGISTRATION }: Pick<Settings, 'OAUTH_REGISTRATION'>): object {
  const issuer = `${base}/oauth`;
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'RS384', 'ES256', 'ES384'],
    introspection_endpoint: `${issuer}/introspect`,
    revocation_endpoint: `${issuer}/revoke`,
    ...(OAUTH_REGISTRATION === '1' && { registration_endpoint: `${issuer}/register` }),
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: [...TOLD_SCOPES, ...EXAMPLES],
    capabilities: CAPABILITIES,
  };
}

/** Of what an outside issuer publishes, what SMART App Launch 2.2 asks for. */
const PUBLISHED = [
  'issuer',
  'jwks_uri',
  'authorization_endpoint',
  'token_endpoint',
  'token_endpoint_auth_methods_supported',
  'token_endpoint_auth_signing_alg_values_supported',
  'introspection_endpoint',
  'revocation_endpoint',
  'registration_endpoint',
  'grant_types_supported',
  'response_types_supported',
  'code_challenge_methods_supported',
  'scopes_supported',
];
/** What this server does with whatever tokens; of launches only the issuer can say. */
const OF_ANY_ISSUER = ['permission-patient', 'permission-user', 'permission-v1', 'permission-v2', 'smart-imaging-access'];

/** The same where another issues the tokens. */
export function outsideConfiguration(metadata: Readonly<Record<string, unknown>>): object {
  const told = Object.fromEntries(PUBLISHED.flatMap((name) => (metadata[name] === undefined ? [] : [[name, metadata[name]]])));
  const capabilities = Array.isArray(metadata['capabilities']) ? (metadata['capabilities'] as unknown[]) : [];
  return { code_challenge_methods_supported: ['S256'], ...told, capabilities: [...new Set([...capabilities, ...OF_ANY_ISSUER])] };
}
