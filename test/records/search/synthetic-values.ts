import type { ElementDefinition } from '../../../src/records/definitions/definitions.js';

interface Asked {
  /** Tells one value from another. */
  readonly number: number;
  /** Types that a reference may be of. */
  readonly targets: readonly string[];
  readonly codes: ElementDefinition['codes'];
}

const two = (number: number): string => String(number).padStart(2, '0');
const day = (n: number): string => `${2000 + (n % 25)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`;
const quantity = (n: number) => ({ value: n + 0.5, unit: `unit ${n % 3}`, system: 'http://unitsofmeasure.org', code: `u${n % 3}` });
const coding = (n: number, codes: ElementDefinition['codes']) => {
  const [system, own] = [...(codes ?? [])][0] ?? [`urn:s${n % 3}`, undefined];
  return { system, code: own === undefined ? `c${n}` : [...own][n % own.size], display: `Display ${n} Ångström` };
};

/** A value of one of R4's types, another for each number. */
const VALUES: Readonly<Record<string, (asked: Asked) => unknown>> = {
  boolean: ({ number }) => number % 2 === 0,
  integer: ({ number }) => number,
  positiveInt: ({ number }) => number + 1,
  unsignedInt: ({ number }) => number,
  decimal: ({ number }) => number + 0.25,
  string: ({ number }) => `Wörd ${number} of-${number}`,
  markdown: ({ number }) => `Wörd ${number} of-${number}`,
  code: ({ number, codes }) => coding(number, codes).code,
  id: ({ number }) => `id-${number}`,
  uri: ({ number }) => (number % 2 === 0 ? `http://example.org/a/${number}` : `urn:x:${number}`),
  url: ({ number }) => `http://example.org/u/${number}`,
  canonical: ({ number }) => `http://example.org/c/${number}${number % 2 === 0 ? '|1.0' : ''}`,
  oid: ({ number }) => `urn:oid:1.2.${number}`,
  date: ({ number }) => day(number),
  dateTime: ({ number }) => (number % 3 === 0 ? day(number).slice(0, 7) : `${day(number)}T10:${two(number % 60)}:00+02:00`),
  instant: ({ number }) => `${day(number)}T10:${two(number % 60)}:00.500Z`,
  Period: ({ number }) => ({ start: day(number), ...(number % 2 === 0 && { end: `${2030 + (number % 9)}` }) }),
  Timing: ({ number }) => ({ event: [day(number), day(number + 1)].sort() }),
  CodeableConcept: ({ number, codes }) => ({ coding: [coding(number, codes)], text: `Text ${number}` }),
  Coding: ({ number, codes }) => coding(number, codes),
  Identifier: ({ number }) => ({
    system: `urn:i${number % 3}`,
    value: `v${number}`,
    type: { coding: [{ system: 'urn:t', code: `t${number % 2}` }], text: `Kind ${number}` },
  }),
  ContactPoint: ({ number }) => ({ system: number % 2 === 0 ? 'phone' : 'email', value: `contact-${number}` }),
  Reference: ({ number, targets }) => ({
    reference: `${targets.filter((one) => one !== 'Resource')[number % Math.max(1, targets.length)] ?? 'Patient'}/r${number}`,
    identifier: { system: `urn:i${number % 3}`, value: `v${number}` },
  }),
  Quantity: ({ number }) => quantity(number),
  Age: ({ number }) => quantity(number),
  Duration: ({ number }) => quantity(number),
  SampledData: ({ number }) => ({ origin: quantity(number), period: 1, dimensions: 1, data: '1 2' }),
  SimpleQuantity: ({ number }) => quantity(number),
  Range: ({ number }) => ({ low: quantity(number), high: quantity(number + 3) }),
  HumanName: ({ number }) => ({
    family: `Famïly${number}`,
    given: [`Given${number}`, 'Second'],
    prefix: ['Dr'],
    text: `Whole name ${number}`,
  }),
  Address: ({ number }) => ({
    line: [`${number} Street`],
    city: `City${number}`,
    postalCode: `Z${number}`,
    country: `C${number}`,
    use: 'home',
  }),
  Expression: ({ number }) => ({ language: 'text/cql', expression: `e${number}` }),
  Resource: ({ number }) => ({ resourceType: 'Composition', id: `inner-${number}`, status: 'final' }),
};

/** @throws Error  where no value of the type is known: a search parameter of a new kind */
export function valueOfType(code: string, asked: Asked): unknown {
  const make = VALUES[code.replace(/^http:\/\/hl7.org\/fhirpath\/System\.String$/, 'string')];
  if (make === undefined) throw new Error(`no value of type ${code}`);
  return make(asked);
}
