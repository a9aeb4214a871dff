import { recordType } from '../record-type.js';
import { formed, objectOf, orNull, told, words } from '../shape.js';

/** A device as it is put on the market (MDR Art 27 and Annex VI Part C; 21 CFR 801.20). */
export interface DeviceRecord {
  readonly name: string;
  readonly manufacturer: string;
  readonly basicUdiDi: string | null;
  readonly udiDi: string | null;
}

/** What issuing entities use of a UDI (ISO/IEC 646): no blanks, nothing that a scanner does not give. */
const udi = orNull(formed(/^[0-9A-Za-z$%*+./-]{1,25}$/, 'letters, digits and $ % * + . / -, 25 at most'));

export const DEVICE = recordType(
  { title: 'Device', description: 'A device, its manufacturer and its identifiers; null until an issuing entity has given them.' },
  objectOf<DeviceRecord>({
    name: told('Its trade name', words(300)),
    manufacturer: told('Name and address as the label has them', words(1_000)),
    basicUdiDi: told('Basic UDI-DI (MDR Annex VI Part C 1): of the model in EUDAMED and certificates', udi),
    udiDi: told('UDI-DI of this version or model (MDR Annex VI Part C 3; 21 CFR 801.40)', udi),
  }),
);
