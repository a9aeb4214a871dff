import type { PublicAddress } from '../public-address.js';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a client means this server: its FHIR address, its DICOMweb address or the whole of it. Where nobody said by what address
 * it is reached, this machine's other names are its names too.
 * @param named  SMART's `aud`, or RFC 8707's `resource`
 */
export function isOwnAddress(named: string, address: PublicAddress): boolean {
  if (!URL.canParse(named)) return false;
  const { base } = address;
  const given = named.replace(/\/+$/, '');
  const bases = address.isSet ? [base] : [base, ...LOOPBACK_NAMES.map((name) => otherwiseNamed(base, name))];
  return bases.some((one) => [one, `${one}/fhir`, `${one}/dicom-web`].includes(given));
}

function otherwiseNamed(base: string, name: string): string {
  const url = new URL(base);
  url.hostname = name;
  return url.href.replace(/\/+$/, '');
}
