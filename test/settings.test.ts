import { describe, expect, it } from '@jest/globals';
import { InvalidSettings, readSettings } from '../src/settings.js';

describe('The settings', () => {
  it('serve without a word said, to this machine only', () => {
    expect(readSettings({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      WETREAD_DATA: './data',
      QUIET_PERIOD_SECONDS: 0,
      EXECUTION_PROVIDERS: ['cuda', 'tensorrt', 'webgpu', 'coreml', 'dml', 'cpu'],
    });
  });

  it('are read from the variables of their names, in their types', () => {
    expect(
      readSettings({
        PORT: '0',
        QUIET_PERIOD_SECONDS: '30',
        EXECUTION_PROVIDERS: 'cuda, cpu',
        PUBLIC_URL: 'https://pacs.example/wetread',
        HOME: '/root',
      }),
    ).toMatchObject({
      PORT: 0,
      QUIET_PERIOD_SECONDS: 30,
      EXECUTION_PROVIDERS: ['cuda', 'cpu'],
      PUBLIC_URL: 'https://pacs.example/wetread',
    });
  });

  it('count an empty variable as unset', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '' })).toEqual(readSettings({}));
  });

  it.each([
    ['PORT', 'x'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '1.5'],
    ['QUIET_PERIOD_SECONDS', '3601'],
    ['INFERENCE_WORKERS', '0'],
    ['INFERENCE_TIMEOUT_SECONDS', '0'],
    ['PIXEL_THREADS', '65'],
    ['STORE_REQUEST_LIMIT_MIB', '0'],
    ['FREE_SPACE_FLOOR_MIB', '-1'],
    ['EXECUTION_PROVIDERS', 'cpu,abacus'],
    ['EXECUTION_PROVIDERS', ','],
    ['CORS_ORIGINS', 'viewer.example'],
    ['CORS_ORIGINS', 'https://viewer.example/path'],
    ['CORS_ORIGINS', 'https://viewer.example,,'],
    ['H2C', 'yes'],
    ['PUBLIC_URL', 'pacs'],
    ['PUBLIC_URL', 'ftp://pacs.example'],
    ['OIDC_ISSUER', 'http://idp.example'],
    ['OIDC_ISSUER', 'http://localhost:pass@idp.example'],
    ['OIDC_ROLES', 'Readers=radiolgist'],
  ])('name the variable that is wrong: %s=%s', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(InvalidSettings);
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name}: `));
  });

  it('take origins as a list, and let none but the named ones in', () => {
    expect(readSettings({}).CORS_ORIGINS).toEqual([]);
    expect(readSettings({ CORS_ORIGINS: 'https://viewer.example, http://localhost:8042/' }).CORS_ORIGINS).toEqual([
      'https://viewer.example',
      'http://localhost:8042',
    ]);
  });

  it('take an outside issuer by https, and by http on this machine', () => {
    for (const issuer of ['https://idp.example/realms/main', 'http://localhost:8080', 'http://127.0.0.1:8080/realms/main'])
      expect(readSettings({ OIDC_ISSUER: issuer, OIDC_ROLES: 'Readers=radiologist,QA=reviewer' }).OIDC_ISSUER).toBe(issuer);
  });

  it('want a certificate and its key together', () => {
    expect(readSettings({ TLS_CERT_FILE: 'a.pem', TLS_KEY_FILE: 'b.pem' })).toMatchObject({
      TLS_CERT_FILE: 'a.pem',
      TLS_KEY_FILE: 'b.pem',
    });
    for (const name of ['TLS_CERT_FILE', 'TLS_KEY_FILE'])
      expect(() => readSettings({ [name]: 'a.pem' })).toThrow(/^TLS_CERT_FILE, TLS_KEY_FILE: /);
  });

  it('name all that are wrong at once', () => {
    expect(() => readSettings({ PORT: 'x', PIXEL_THREADS: '0' })).toThrow(/PORT: .*; PIXEL_THREADS: /);
  });
});
