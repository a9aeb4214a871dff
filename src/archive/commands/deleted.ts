import { Deletions } from '../deletions.js';
import { numberOption, print, runTenantCommand } from './command.js';

/**
 * `npm run archive:deleted`: lists what was deleted and can still be restored; `-- --study UID` of one study;
 * `-- --restore NUMBER` brings a deletion back.
 */
runTenantCommand(['study', 'restore'], async (caller, values, database, settings) => {
  const deletions = new Deletions(database, { purgeAfterDays: settings.PURGE_AFTER_DAYS });
  if (values.restore !== undefined) {
    const { instances, left } = await deletions.restore(caller, numberOption('restore', values.restore));
    print(`Restored ${instances} instances.${left > 0 ? ` ${left} stay deleted: their UIDs are taken by other content.` : ''}`);
    return left > 0 ? 1 : 0;
  }
  const all = await deletions.list(caller, values.study);
  for (const { id, deletedAt, level, studyInstanceUID, instances, bytes, deletedBy, reason } of all)
    print([id, deletedAt.toISOString(), level, studyInstanceUID, `${instances} instances`, `${bytes} bytes`, deletedBy, reason].join('\t'));
  print(`${all.length} deletions can be restored.`);
  return 0;
});
