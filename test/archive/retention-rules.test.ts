import { describe, expect, it } from '@jest/globals';
import { hasOutlived, retentionRules, type AgingStudy } from '../../src/archive/retention-rules.js';

const now = new Date('2026-06-30T12:00:00Z');
const study = (said: Partial<AgingStudy>): AgingStudy => ({
  studyDate: '20160101',
  storedAt: new Date('2026-06-29T00:00:00Z'),
  modalities: ['CR'],
  ...said,
});

describe('Retention rules', () => {
  it.each<[string, Partial<AgingStudy>, string, boolean]>([
    ['goes when its rule has passed', {}, 'CR:3650d', true],
    ['stays a day before', { studyDate: '20160703' }, 'CR:3650d', false],
    ['stays where no rule speaks of its modality', {}, 'CT:1d', false],
    ['goes by the rule for all others', {}, 'CT:1d,*:365d', true],
    ['goes by its own rule before the one for others', {}, 'CR:9999d,*:1d', false],
    ['stays as long as the longest of its modalities', { modalities: ['CR', 'MG'] }, 'CR:1d,MG:9999d', false],
    ['stays where one of its modalities has no rule', { modalities: ['CR', 'SR'] }, 'CR:1d', false],
    ['is as old as its storing where its date is none', { studyDate: '20160231' }, '*:30d', false],
    ['is as old as its storing where it has no date', { studyDate: '', storedAt: new Date('2020-01-01T00:00:00Z') }, '*:30d', true],
    ['stays where nothing of it came from outside', { modalities: [] }, '*:1d', false],
    ['stays without rules', {}, '', false],
  ])('a study %s', (_, said, rules, expected) => {
    expect(hasOutlived(study(said), retentionRules(rules), now)).toBe(expected);
  });
});
