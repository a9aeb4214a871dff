import { parseArgs } from 'node:util';
import { Deletions } from '../deletions.js';
import { numberOption, OPERATOR, print, runCommand } from './command.js';

/**
 * `npm run archive:deleted`: lists what was deleted and can still be restored; `-- --study UID` of one study;
 * `-- --restore NUMBER` brings a deletion back.
 */
runCommand(async (database, settings) => {
  const { values } = parseArgs({ options: { study: { type: 'string' }, restore: { type: 'string' } } });
  const deletions = new Deletions(database, { purgeAfterDays: settings.PURGE_AFTER_DAYS });
  if (values.restore !== undefined) {
    const { instances, left } = await deletions.restore(OPERATOR, numberOption('restore', values.restore));
    print(`Restored ${instances} instances.${left > 0 ? ` ${left} stay deleted: their UIDs are taken by other content.` : ''}`);
    return left > 0 ? 1 : 0;
  }
  const all = await deletions.list(OPERATOR, values.study);
  for (const { id, deletedAt, level, studyInstanceUID, instances, bytes, deletedBy, reason } of all)
    print([id, deletedAt.toISOString(), level, studyInstanceUID, `${instances} instances`, `${bytes} bytes`, deletedBy, reason].join('\t'));
  print(`${all.length} deletions can be restored.`);
  return 0;
});
