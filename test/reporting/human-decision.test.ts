import { describe, expect, it } from '@jest/globals';
import { humanDecision } from '../../src/reporting/review/human-decision.js';

const as = (verdict: 'present' | 'second-look' | 'absent', label = 'Pneumonia') => ({ label, verdict });

describe('What a person did with a model’s result', () => {
  it.each([
    ['accept', 'present', 'present', 'accept'],
    ['reject', 'present', 'present', 'reject'],
    ['amend', 'present', 'present', 'modify'], // other words
    ['amend', 'second-look', 'absent', 'modify'], // the model had left it open
    ['amend', 'second-look', 'present', 'modify'],
    ['amend', 'present', 'absent', 'override'],
    ['amend', 'absent', 'present', 'override'],
  ] as const)('%s of a finding that stood as %s and is called %s: %s', (decision, before, after, said) => {
    expect(humanDecision(decision, [as(before)], [as(after)])).toBe(said);
  });

  it('is an override where one finding of several is turned round', () => {
    const before = [as('absent', 'Effusion'), as('present')];
    expect(humanDecision('amend', before, [as('absent', 'Effusion'), as('absent')])).toBe('override');
    expect(humanDecision('amend', before, before)).toBe('modify');
  });
});
