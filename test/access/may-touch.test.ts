import { describe, expect, it } from '@jest/globals';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { isGranted, mayTouch } from '../../src/access/may-touch.js';
import { aCaller } from '../a-caller.js';

describe('Whether a caller may touch a type at all', () => {
  it('takes both: a role that permits it, and a scope that grants it', () => {
    expect(mayTouch(aCaller('radiologist'), 'Patient', 'r')).toBe(true);
    expect(mayTouch(aCaller('radiologist', 'user/Patient.s'), 'Patient', 'r')).toBe(false);
    expect(mayTouch(aCaller('model-admin'), 'Patient', 'r')).toBe(false);
    expect(mayTouch(aCaller('radiologist'), 'AuditEvent', 'r')).toBe(false);
  });

  it('looks at scopes of every context; which resources they mean is for the store', () => {
    expect(mayTouch(aCaller('patient', 'patient/Observation.rs'), 'Observation', 's')).toBe(true);
    expect(mayTouch(aCaller('system', 'system/*.rs'), 'Observation', 's')).toBe(true);
    expect(isGranted(aCaller('reviewer', 'user/DiagnosticReport.u'), 'DiagnosticReport', 'u')).toBe(true);
    expect(isGranted(aCaller('reviewer', 'user/Observation.u user/DiagnosticReport.r'), 'DiagnosticReport', 'u')).toBe(false);
  });

  it('lets who has no rights at all on them do everything: authentication is off', () => {
    expect([mayTouch(LOCAL_CALLER, 'AuditEvent', 'd'), isGranted(LOCAL_CALLER, 'Patient', 'c')]).toEqual([true, true]);
  });
});
