import { recordType } from '../record-type.js';
import { listOf, objectOf, told, words } from '../shape.js';

/** What a device is for, as its manufacturer states it (MDR Art 2(12) and Annex II 1.1; 21 CFR 801.4; IMDRF/GRRP WG/N52). */
export interface IntendedUse {
  readonly purpose: string;
  readonly population: string;
  readonly user: string;
  readonly environment: string;
  readonly modality: readonly string[];
  readonly bodyPart: readonly string[];
  readonly indications: readonly string[];
  readonly contraindications: readonly string[];
  readonly limits: readonly string[];
}

export const INTENDED_USE = recordType(
  { title: 'Intended use', description: 'What a device is for, for whom, used by whom and where, and where it ends.' },
  objectOf<IntendedUse>({
    purpose: told('The intended purpose in one paragraph', words()),
    population: told('Patients whom it is for', words()),
    user: told('Who uses it, and what they must know', words()),
    environment: told('Where and with what it is used', words()),
    modality: told('Modalities whose images it reads (DX, CT …)', listOf(words(64), 1)),
    bodyPart: told('Body parts that it reads images of', listOf(words(200), 1)),
    indications: told('Conditions that it is for', listOf(words(2_000), 1)),
    contraindications: told('Where it must not be used; none where the list is empty', listOf(words(2_000))),
    limits: told('What it is not good at, and known risks of relying on it', listOf(words(2_000))),
  }),
);
