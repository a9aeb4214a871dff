import type { DeviceFunction } from './device-facts.js';

/** A device type that the FDA has classified, by its function. */
export interface FdaFunction {
  readonly regulation: string;
  readonly productCodes: readonly string[];
  readonly class: 'I' | 'II';
  readonly note?: string;
}

/** Functions of imaging software with a classification regulation of their own: 21 CFR 892 and 886.1100. */
export const FDA_FUNCTIONS: ReadonlyMap<DeviceFunction, FdaFunction> = new Map<DeviceFunction, FdaFunction>([
  ['image-management', { regulation: '21 CFR 892.2050', productCodes: ['LLZ', 'QIH'], class: 'II' }],
  ['characterization-of-cancer', { regulation: '21 CFR 892.2060', productCodes: ['POK'], class: 'II' }],
  ['detection', { regulation: '21 CFR 892.2070', productCodes: ['MYN'], class: 'II' }],
  ['triage-and-notification', { regulation: '21 CFR 892.2080', productCodes: ['QAS'], class: 'II' }],
  ['prioritization-of-lesions', { regulation: '21 CFR 892.2080', productCodes: ['QFM'], class: 'II' }],
  [
    'detection-and-diagnosis',
    { regulation: '21 CFR 892.2090', productCodes: ['QDQ', 'QBS'], class: 'II', note: 'codified 90 FR 24969, 13 June 2025' },
  ],
  ['acquisition-guidance', { regulation: '21 CFR 892.2100', productCodes: ['QJU'], class: 'II' }],
  ['retinal-screening-autonomous', { regulation: '21 CFR 886.1100', productCodes: ['PIB'], class: 'II' }],
]);

/** Functions that are no device for software alone, and why. */
export const FDA_EXCLUDED: ReadonlyMap<DeviceFunction, { readonly rule: string; readonly citation: string }> = new Map([
  [
    'storage',
    {
      rule: 'storage by software alone: not a device (892.2010 covers hardware only, since 2021)',
      citation: 'FD&C 520(o)(1)(D)',
    },
  ],
  [
    'communication',
    {
      rule: 'transfer by software alone: not a device (with a viewer it is 892.2020, class I exempt)',
      citation: 'FD&C 520(o)(1)(D)',
    },
  ],
  ['administrative', { rule: 'administrative support of a facility: not a device', citation: 'FD&C 520(o)(1)(A)' }],
]);
