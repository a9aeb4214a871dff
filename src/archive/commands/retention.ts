import { Deletions } from '../deletions.js';
import { Retention } from '../retention.js';
import { numberOption, print, runTenantCommand } from './command.js';

/**
 * `npm run archive:retention`: a dry run of RETENTION_RULES: lists what would go and gives the list a number.
 * `-- --execute NUMBER` deletes exactly what that list holds, softly; what changed since is left alone.
 */
runTenantCommand(['execute'], async (caller, values, database, settings) => {
  const deletions = new Deletions(database, { purgeAfterDays: settings.PURGE_AFTER_DAYS });
  const retention = new Retention(database, deletions, settings.RETENTION_RULES);
  let instances = 0;
  let bytes = 0;
  let studies = 0;
  const line = (study: { studyRow: number; studyInstanceUID: string; instances: number; bytes: number }, ...more: string[]): void => {
    studies += 1;
    instances += study.instances;
    bytes += study.bytes;
    print([`study ${study.studyRow}`, study.studyInstanceUID, `${study.instances} instances`, `${study.bytes} bytes`, ...more].join('\t'));
  };
  if (values.execute !== undefined) {
    await retention.execute(caller, numberOption('execute', values.execute), (choice, outcome) => line(choice, outcome));
    print(`${studies} studies were decided. What was deleted can be restored for ${settings.PURGE_AFTER_DAYS} days.`);
    return 0;
  }
  if (settings.RETENTION_RULES === '') {
    print('RETENTION_RULES is not set: everything is kept.');
    return 0;
  }
  const run = await retention.prepare(new Date(), (study) => line(study, study.modalities.join('\\'), study.studyDate));
  print(
    `Dry run ${run}: ${studies} studies, ${instances} instances, ${bytes} bytes would go by ${settings.RETENTION_RULES}. Nothing was deleted.`,
  );
  if (studies > 0) print(`To delete exactly these: npm run archive:retention -- --execute ${run}`);
  return 0;
});
