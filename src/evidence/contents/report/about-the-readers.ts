import { readerName } from '../study/study-view.js';
import { PATHS } from '../study/paths.js';
import { sectionNamed } from '../trace/trace-page.js';
import { COUNTED, notEvaluableFor, readBy } from '../trace/traces.js';
import { facts, link, notice, paragraph, section, table, type Block, type Words } from './block.js';
import { counted, type Told } from './told.js';

/** Who read, how, and who of them is no person. */
export function aboutTheReaders(told: Told): Block[] {
  const { view } = told;
  const { reading } = view.protocol.protocol;
  const simulated = view.file.members.filter((member) => member.simulated && view.data.readers.includes(member.key));
  return [
    section('readers', 'Readers'),
    ...(simulated.length === 0
      ? []
      : [
          notice(
            `Simulated: the readings of ${simulated.map(({ key }) => key).join(', ')} are made by a program. They say nothing of how people read; whatever is compared with them shows only that the study's way works.`,
          ),
        ]),
    facts(
      ['Design', reading.design],
      ['Readers asked for', String(reading.readers)],
      ['Wash-out', `${reading.washOutDays} days`],
      ['Rating scale', `${reading.ratingScale[0]} to ${reading.ratingScale[1]}`],
      ['Instructions', reading.instructions],
      ['Qualification asked for', reading.qualification],
      ['Cases read', counted(told, 'study', COUNTED.read)],
    ),
    ...table(
      'Readers',
      ['Reader', 'Role', 'Qualification', 'Cases read unaided', 'Cases read aided', 'Not evaluable'],
      view.data.readers.map((key): Words[] => {
        const member = view.memberByKey.get(key);
        return [
          readerName(view, key),
          member?.role ?? 'not among the members',
          member?.qualification ?? '',
          readCount(told, key, 'unaided'),
          readCount(told, key, 'aided'),
          counted(told, 'study', notEvaluableFor(view, key)),
        ];
      }),
      'nobody read.',
    ),
    paragraph([
      'Members and their qualification: ',
      link('readers.csv', PATHS.readers),
      '. Who was to read what in which order: ',
      link('assignments.csv', PATHS.assignments),
      '. Readings with their times: ',
      link('readings.csv', PATHS.readings),
      '.',
    ]),
    ...truthers(told),
  ];
}

function readCount(told: Told, reader: string, arm: string): Words {
  const name = readBy(told.view, reader, arm);
  return sectionNamed(told.traces.study, name) === undefined ? '0' : counted(told, 'study', name);
}

/** Who both read and said what is true would read their own answer. */
function truthers({ view }: Told): Block[] {
  const readers = new Set(view.data.readers);
  const both = [...new Set(view.file.labels.map(({ by }) => by))].filter((by) => readers.has(by));
  if (both.length === 0) return [];
  return [notice(`Readers who also gave labels of the reference standard: ${both.map((key) => readerName(view, key)).join(', ')}.`)];
}
