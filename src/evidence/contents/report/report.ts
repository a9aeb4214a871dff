import { aboutTheDataset, aboutTheTruth } from './about-the-dataset.js';
import { aboutTheProtocol } from './about-the-protocol.js';
import { aboutTheReaders } from './about-the-readers.js';
import { aboutTheDeviations, aboutThePackage } from './about-the-rest.js';
import { aboutTheResults } from './about-the-results.js';
import { aboutTheStudy } from './about-the-study.js';
import { facts, notice, type Block } from './block.js';
import type { Told } from './told.js';

/** The report, in the order in which a regulator asks. */
export const reportBlocks = (told: Told): Block[] => [
  ...standing(told),
  ...aboutTheStudy(told),
  ...aboutTheProtocol(told),
  ...aboutTheDataset(told),
  ...aboutTheTruth(told),
  ...aboutTheReaders(told),
  ...aboutTheResults(told),
  ...aboutTheDeviations(told),
  ...aboutThePackage(told),
];

function standing({ view: { file } }: Told): Block[] {
  const state = file.steps.at(-1)?.state ?? 'unknown';
  return [
    facts(
      ['Study', `${file.title} (${file.identifier})`],
      ['Organisation', file.organisation],
      ['State', state],
      ['Date', file.date],
      ['Software', file.software],
    ),
    ...(state === 'terminated' ? [notice('The study was terminated: its results are those of an unfinished study.')] : []),
  ];
}
