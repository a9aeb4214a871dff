import { describe, expect, it } from '@jest/globals';
import { draftReport, NoProbability, percent } from '../../src/reporting/preliminary-report.js';
import { aCard, aReading, aReport, PNEUMONIA, quality } from './a-report.js';

const verdictAt = (probability: number) => aReport([aReading(probability)]).findings[0].verdict;

describe('A preliminary report', () => {
  it('calls a finding present from the operating threshold on, and asks for a second look from the referral threshold on', () => {
    expect([0.39, 0.4, 0.79, 0.8].map(verdictAt)).toEqual(['absent', 'second-look', 'second-look', 'present']);
  });

  it('lets the image with the greatest probability decide, and names it', () => {
    const [quiet, loud, middling] = [0.1, 0.9, 0.5].map((p, i) => aReading(p, { sopInstanceUID: `2.25.${i + 1}` }));
    const { findings } = aReport([quiet, loud, middling]);
    expect(findings).toEqual([{ modelClass: PNEUMONIA, probability: 0.9, verdict: 'present', image: loud }]);
  });

  it('makes no finding of a class that stands for absence', () => {
    expect(aReport([aReading(0.01)]).findings.map(({ modelClass }) => modelClass.label)).toEqual(['Pneumonia']);
  });

  it.each([
    ['no probabilities', undefined],
    ['too few of them', [0.2]],
    ['one that is not a number', [0.2, NaN]],
    ['one that JSON made null', [0.2, null]],
    ['one above 1', [0.2, 1.2]],
    ['one below 0', [0.2, -0.2]],
  ])('is refused rather than called negative where an image has %s', (_, probabilities) => {
    const image = aReading(0.9, { probabilities: probabilities as number[] | undefined }); // null: what stored JSON could hold against its type
    expect(() => aReport([aReading(0.9), image])).toThrow(NoProbability);
  });

  it('never says normal, and says that it is preliminary, by which model, seen by no physician, and not for clinical use', () => {
    const { conclusion } = aReport([aReading(0.01)]);
    expect(conclusion).toContain('Pneumonia: not called by this model');
    expect(conclusion).not.toMatch(/normal|healthy|clear|rule[sd]? out/i);
    for (const said of ['PRELIMINARY', 'Pneumonia in chest X-rays, version 3', 'not seen by a physician', 'NOT FOR CLINICAL USE'])
      expect(conclusion).toContain(said);
  });

  it('leaves "not for clinical use" out only where the card does', () => {
    expect(aReport([aReading(0.01)], { model: aCard({ notForClinicalUse: false }) }).conclusion).not.toContain('NOT FOR CLINICAL USE');
  });

  it('says how many images were not read', () => {
    expect(aReport([aReading(0.1)], { notRead: 2 }).conclusion).toContain('Images read: 1; not read by this model: 2.');
    expect(aReport([aReading(0.1)]).conclusion).toContain('Images read: 1.');
  });

  it('says that a result on a poor image is less reliable, below 50 of 100', () => {
    const [poor, fair] = [quality(25), quality(50)].map((of) => aReading(0.1, { quality: of }));
    expect(aReport([poor, fair]).conclusion).toContain('Image quality is low in 1 of 2 images: the result is less reliable.');
    expect(aReport([fair]).conclusion).not.toContain('less reliable');
  });

  it('tells the uncertainty where the model gives one, and is silent where it does not', () => {
    expect(aReport([aReading(0.9)]).conclusion).toContain('probability 90.0 %, uncertainty 25.0 %');
    expect(aReport([aReading(0.9, { uncertainty: undefined })]).conclusion).toContain('suspected (probability 90.0 %).');
  });

  it('asks for a second look where the model’s own doubt does, of what it does not call', () => {
    const doubtful = { referral: { measure: 'predictive_entropy', value: 0.7, above: 0.6, refers: true } } as const;
    const report = aReport([aReading(0.1, doubtful)]);
    expect(report.findings[0].verdict).toBe('second-look');
    expect(report.conclusion).toContain('The model is unsure of 1 of 1 images: a second look is suggested.');
    expect(aReport([aReading(0.9, doubtful)]).findings[0].verdict).toBe('present');
    expect(aReport([aReading(0.1, { referral: { ...doubtful.referral, refers: false } })]).findings[0].verdict).toBe('absent');
  });

  it('neither calls nor lets off an image that is unlike those of the training', () => {
    for (const probability of [0.1, 0.9]) {
      const report = aReport([aReading(probability, { quality: { ...quality(100), inputDistance: 3, inputDistanceLimit: 2 } })]);
      expect(report.findings[0].verdict).toBe('second-look');
      expect(report.conclusion).toContain('Pneumonia: not judged, the image is unlike those of the training');
      expect(report.conclusion).toContain('1 of 1 images are unlike those that the model was trained on');
    }
    const near = aReport([aReading(0.9, { quality: { ...quality(100), inputDistance: 2, inputDistanceLimit: 2 } })]);
    expect(near.findings[0].verdict).toBe('present');
  });

  it('judges each image for itself: what one shows is not undone by another that can’t be judged, nor that one by a clear one', () => {
    const strange = { quality: { ...quality(100), inputDistance: 3, inputDistanceLimit: 2 } };
    const found = aReport([aReading(0.97), aReading(0.99, { ...strange, sopInstanceUID: '2.25.9' })]).findings[0];
    expect([found.verdict, found.probability]).toEqual(['present', 0.97]);
    const clear = aReport([aReading(0.1), aReading(0.09, { ...strange, sopInstanceUID: '2.25.9' })]).findings[0];
    expect([clear.verdict, clear.image.sopInstanceUID]).toEqual(['second-look', '2.25.9']);
  });

  it('never rounds a probability to certainty', () => {
    expect([0, 0.0004, 0.5, 0.9996, 1].map(percent)).toEqual(['0.1 %', '0.1 %', '50.0 %', '99.9 %', '99.9 %']);
  });

  it('says the same of the same readings', () => {
    const { findings, conclusion, ...parts } = aReport([aReading(0.7), aReading(0.7)]);
    expect(draftReport(parts)).toEqual({ ...parts, findings, conclusion });
  });
});
