import { describe, expect, it } from '@jest/globals';
import { stagesPassed } from '../../../src/api/graphql/study-progress.js';
import type { StudyStage } from '../../../src/reporting/study-stage.js';

describe('A study on its way', () => {
  it.each<[string, StudyStage | undefined, StudyStage, StudyStage[]]>([
    ['arrives and is queued at once', undefined, 'queued', ['received', 'queued']],
    ['was read before anybody looked', 'received', 'preliminary', ['queued', 'reading', 'preliminary']],
    ['stands still', 'reading', 'reading', []],
    ['is read again, as more of it came', 'preliminary', 'queued', ['queued']],
    ['is reviewed', 'preliminary', 'final', ['final']],
    ['was read by no model', undefined, 'not-read', ['received', 'queued', 'reading', 'not-read']],
    ['is given up', 'reading', 'failed', ['failed']],
    ['has its report rejected', 'preliminary', 'withdrawn', ['withdrawn']],
    ['was read by no model, and then by one that came', 'not-read', 'queued', ['queued']],
    ['was read anew before anybody looked', 'failed', 'preliminary', ['preliminary']],
  ])('%s', (_, last, now, told) => {
    expect(stagesPassed(last, now)).toEqual(told);
  });
});
