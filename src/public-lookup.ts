import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Where this server asks nobody unless a setting says so: this machine, networks that are not public, multicast (RFC 6890; IANA's
 * special-purpose registries).
 */
const NOT_PUBLIC = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  NOT_PUBLIC.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['64:ff9b::', 96], // NAT64: an IPv4 address within
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  NOT_PUBLIC.addSubnet(net, prefix, 'ipv6');

/** All of IPv6 that is given to networks (IANA: 2000::/3), and IPv4 within it (RFC 4291 2.5.5.2), which is looked at as such. */
const GIVEN = new BlockList();
GIVEN.addSubnet('2000::', 3, 'ipv6');
GIVEN.addSubnet('::ffff:0:0', 96, 'ipv6');

/** Whether an address is one of the public network. */
export const isPublic = (address: string): boolean => {
  const family = isIP(address);
  if (family === 6) return GIVEN.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
  return family === 4 && !NOT_PUBLIC.check(address, 'ipv4');
};

/** A name that leads into a network that is not public. */
export class AddressNotPublic extends Error {
  constructor() {
    super('the address is within a network that is not public');
  }
}

/** Resolves a name, and lets a connection be made to none but a public address of it: what was looked at is what is connected to. */
export const publicLookup: LookupFunction = (hostname, options, done) =>
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return done(error, '', 4);
    const found = addresses.filter(({ address }) => isPublic(address));
    if (found.length === 0 || found.length < addresses.length) return done(new AddressNotPublic(), '', 4);
    return options.all === true ? done(null, found) : done(null, found[0].address, found[0].family);
  });

/** Whether an address is at one of these hosts, `host` or `host:port` each. */
export function isAmong({ protocol, hostname, port }: URL, hosts: readonly string[]): boolean {
  const at = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return hosts.some((one) => [hostname, `${hostname}:${at}`].includes(one.toLowerCase()));
}
