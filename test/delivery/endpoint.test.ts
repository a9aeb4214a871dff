import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { checkedEndpoint, post } from '../../src/delivery/endpoint.js';
import { isPublic } from '../../src/public-lookup.js';
import { EndpointFailed } from '../../src/delivery/faults.js';

const given = { headers: {}, body: '{}', timeoutSeconds: 5 };

describe('The address that a notification goes to', () => {
  it.each([
    '127.0.0.1',
    '127.1.2.3',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::ffff:0:7f00:1',
    '4000::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'ff02::1',
    'no address',
  ])('%s is not of the public network', (address) => expect(isPublic(address)).toBe(false));

  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is', (address) =>
    expect(isPublic(address)).toBe(true),
  );

  it.each([
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'http://example.org/',
    'file:///etc/passwd',
    'ftp://example.org/',
    'https://user:secret@example.org/',
    'no address',
  ])('may not be %s', (endpoint) => expect(() => checkedEndpoint(endpoint, [])).toThrow(EndpointFailed));

  it('may be within the operator’s networks where the operator says so', () => {
    expect(checkedEndpoint('http://10.0.0.5:8080/hook', ['10.0.0.5:8080']).isAllowed).toBe(true);
    expect(checkedEndpoint('http://ehr.internal/hook', ['ehr.internal']).isAllowed).toBe(true);
    expect(() => checkedEndpoint('http://10.0.0.5:9090/hook', ['10.0.0.5:8080'])).toThrow(EndpointFailed);
  });
});

describe('A post', () => {
  it('goes to no name that leads to this machine: what was looked at is what is connected to', async () => {
    await expect(post('https://localhost:9/hook', { ...given, allowed: [] })).rejects.toThrow(/not public/);
  });

  it('follows no redirection, and fails by anything but 2xx', async () => {
    const asked: string[] = [];
    const server = createServer((request, answer) => {
      asked.push(request.url ?? '');
      answer.writeHead(request.url === '/moved' ? 302 : 500, { location: '/there' }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const allowed = [`127.0.0.1:${port}`];
    await expect(post(`http://127.0.0.1:${port}/moved`, { ...given, allowed })).rejects.toThrow(/answered 302/);
    await expect(post(`http://127.0.0.1:${port}/broken`, { ...given, allowed })).rejects.toThrow(/answered 500/);
    expect(asked).toEqual(['/moved', '/broken']);
    server.close();
    await once(server, 'close');
    await expect(post(`http://127.0.0.1:${port}/gone`, { ...given, allowed })).rejects.toThrow(/ECONNREFUSED/);
  });

  it('that is answered by another protocol, or by nothing, fails at once', async () => {
    const server = createServer();
    server.on('request', (request, answer) => void answer.destroy(request.url === '/reset' ? new Error('reset') : undefined));
    const raw = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'));
    }).listen(0, '127.0.0.1');
    server.listen(0, '127.0.0.1');
    await Promise.all([once(server, 'listening'), once(raw, 'listening')]);
    const at = (one: { address(): unknown }) => `http://127.0.0.1:${(one.address() as AddressInfo).port}/`;
    for (const endpoint of [at(raw), at(server), `${at(server)}reset`])
      await expect(post(endpoint, { ...given, allowed: ['127.0.0.1'] })).rejects.toThrow(EndpointFailed);
    server.close();
    raw.close();
  });

  it('waits no longer than it was told to', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const silent = post(`http://127.0.0.1:${port}/`, { ...given, timeoutSeconds: 0.2, allowed: ['127.0.0.1'] });
    await expect(silent).rejects.toThrow(/did not answer within 0.2 s/);
    server.closeAllConnections();
    server.close();
  });
});
