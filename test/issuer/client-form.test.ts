import { describe, expect, it } from '@jest/globals';
import { ClientKeys } from '../../src/issuer/client-keys.js';
import { clientFrom, type ClientForm } from '../../src/issuer/client-form.js';
import { UnfitProperty } from '../../src/issuer/faults.js';

const APP: ClientForm = { name: 'An app', scope: 'openid patient/*.rs', redirectUris: ['https://app.example/callback'] };
const SYSTEM: ClientForm = { name: 'A system', scope: 'system/*.rs', grantTypes: ['client_credentials'], authMethod: 'private_key_jwt' };
const KEY = { kty: 'EC', crv: 'P-384', x: 'x', y: 'y' };
const made = (form: ClientForm) => clientFrom(form, 1, 'some-client', new ClientKeys(['ehr.internal:8080']));

describe('What a client may be', () => {
  it('is a public app unless it says more', () => {
    expect(made(APP)).toMatchObject({
      authMethod: 'none',
      grantTypes: ['authorization_code'],
      roles: [],
      firstParty: false,
      disabled: false,
    });
    expect(made({ ...SYSTEM, jwks: { keys: [KEY] } }).roles).toEqual(['system']);
  });

  it.each(['http://127.0.0.1:8080/cb', 'http://localhost/cb', 'com.example.app:/cb'])('redirects to %s', (uri) => {
    expect(made({ ...APP, redirectUris: [uri] }).redirectUris).toEqual([uri]);
  });

  it.each(['https://app.example/jwks', 'https://93.184.215.14/jwks', 'http://ehr.internal:8080/jwks'])(
    'publishes its keys at %s',
    (jwksUri) => {
      expect(made({ ...SYSTEM, jwksUri }).jwksUri).toBe(jwksUri);
    },
  );

  it.each([
    'http://app.example/jwks',
    'http://127.0.0.1:4821/jwks',
    'http://localhost/jwks',
    'https://127.0.0.1/jwks',
    'https://2130706433/jwks',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.5/jwks',
    'https://[::1]/jwks',
    'https://[::ffff:10.0.0.5]/jwks',
    'http://ehr.internal/jwks',
    'file:///etc/passwd',
  ])('does not publish its keys at %s', (jwksUri) => {
    expect(() => made({ ...SYSTEM, jwksUri })).toThrow(UnfitProperty);
  });

  it.each([
    'http://app.example/cb',
    'https://app.example/cb#fragment',
    'https://*.app.example/cb',
    'https://user:secret@app.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'app:/cb',
    '/cb',
    '',
  ])('does not redirect to %s', (uri) => {
    expect(() => made({ ...APP, redirectUris: [uri] })).toThrow(UnfitProperty);
  });

  it.each([
    ['no address to redirect to', { ...APP, redirectUris: [] }],
    ['a scope that is none', { ...APP, scope: 'everything' }],
    ['no scope', { ...APP, scope: ' ' }],
    ['a grant of another kind', { ...APP, grantTypes: ['implicit'] }],
    ['a system without a proof', { ...SYSTEM, authMethod: 'none' }],
    ['a system without keys', SYSTEM],
    ['keys in two places', { ...SYSTEM, jwks: { keys: [KEY] }, jwksUri: 'https://app.example/jwks' }],
    ['a private key', { ...SYSTEM, jwks: { keys: [{ ...KEY, d: 'd' }] } }],
    ['a secret as a key', { ...SYSTEM, jwks: { keys: [{ kty: 'oct', k: 'k' }] } }],
    ['no key', { ...SYSTEM, jwks: { keys: [] } }],
    ['a role that is none', { ...SYSTEM, jwks: { keys: [KEY] }, roles: ['root'] }],
    ['a secret form', { ...APP, authMethod: 'client_secret_post' }],
  ] as const)('is not with %s', (_what, form) => {
    expect(() => made(form)).toThrow(UnfitProperty);
  });
});
