import { describe, expect, it } from '@jest/globals';
import { studyTime } from '../../../src/archive/fhir/study-time.js';

const at = (date: string, time = '', zone = '') =>
  studyTime({ '00080020': { vr: 'DA', Value: [date] }, '00080030': { vr: 'TM', Value: [time] }, '00080201': { vr: 'SH', Value: [zone] } });

describe('The time of a study (R4 dateTime)', () => {
  it('is to the second where the study names its zone', () => {
    expect([at('20260105', '091500.123', '+0100'), at('20260105', '235959', '-0330')]).toEqual([
      '2026-01-05T09:15:00+01:00',
      '2026-01-05T23:59:59-03:30',
    ]);
  });

  it('is the day alone where the zone or the time is absent or makes no sense: no zone is guessed', () => {
    for (const [time, zone] of [
      ['091500', ''],
      ['', '+0100'],
      ['0915', '+0100'],
      ['246000', '+0100'],
      ['091500', '+1500'],
      ['091500', '+1430'],
      ['091500', '0100'],
    ])
      expect(at('20260105', time, zone)).toBe('2026-01-05');
  });

  it('is unknown where there is no such day', () => {
    for (const date of ['', '2026', '20261301', '20260230', '20260431', '20250229', '00000101', '20260105\\20260106'])
      expect(at(date, '091500', '+0100')).toBeUndefined();
    expect(studyTime({})).toBeUndefined();
    expect(at('20240229')).toBe('2024-02-29');
  });
});
