import { describe, expect, it } from '@jest/globals';
import { allowedScopes, isScope, wantsPatient } from '../../src/issuer/scopes.js';

describe('Scopes that a client may have', () => {
  const registered = 'openid launch/patient patient/*.rs patient/Observation.cruds?category=imaging user/ImagingStudy.read system/*.rs';

  it.each([
    ['patient/Observation.r', true],
    ['patient/Observation.rs?category=laboratory', true],
    ['patient/*.rs', true],
    ['patient/*.read', true],
    ['patient/Observation.c', false],
    ['patient/Observation.c?category=imaging', true],
    ['patient/Observation.c?category=laboratory', false],
    ['user/ImagingStudy.rs', true],
    ['user/*.rs', false],
    ['user/Observation.rs', false],
    ['system/*.rs', false],
    ['openid', true],
    ['launch/patient', true],
    ['fhirUser', false],
    ['offline_access', false],
    ['patient/Observation.sr', false],
    ['admin', false],
  ])('in a person’s name: %s is %s', (scope, isAllowed) => {
    expect(allowedScopes([scope], registered, 'person')).toEqual(isAllowed ? [scope] : []);
  });

  it('by itself are those of systems alone', () => {
    expect(allowedScopes(['system/Patient.rs', 'system/Patient.c', 'patient/*.rs', 'openid'], registered, 'system')).toEqual([
      'system/Patient.rs',
    ]);
  });

  it('are known by their grammar', () => {
    for (const scope of ['openid', 'launch', 'patient/*.rs', 'user/Patient.cud?_id=1']) expect(isScope(scope)).toBe(true);
    for (const none of ['', 'patient/*', 'patient/patient.rs', 'user/Patient.dc', 'root']) expect(isScope(none)).toBe(false);
  });

  it('ask for a patient where they are within one’s compartment', () => {
    expect(wantsPatient(['openid', 'patient/*.rs'])).toBe(true);
    expect(wantsPatient(['launch/patient'])).toBe(true);
    expect(wantsPatient(['openid', 'user/*.rs', 'launch'])).toBe(false);
  });
});
