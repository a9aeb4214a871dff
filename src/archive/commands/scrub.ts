import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { recordVerdict, scrubObject } from '../scrub-object.js';
import { damagedObjects, objectsAfter } from '../scrub.sql.js';
import { chooseStorage } from '../storage/choose-storage.js';
import { print, runCommand } from './command.js';

const OBJECTS_AT_ONCE = 64;
const LISTED = 10_000;

/**
 * `npm run archive:scrub`: reads every object now, as fast as it can, against its SHA-256; `-- --list` only lists the damage
 * that is known. Exit 0: none; 1: damage, listed by the object's hash and the instance's row. Nothing is removed.
 */
runCommand(async (database, settings) => {
  const { values } = parseArgs({ options: { list: { type: 'boolean', default: false } } });
  if (!values.list) {
    const storage = await chooseStorage(settings, join(resolve(settings.WETREAD_DATA), 'archive'));
    await storage.open();
    let read = 0;
    for (let after = 0; ;) {
      const row = after;
      const objects = await database.statement((tx) => objectsAfter(tx, row, OBJECTS_AT_ONCE));
      if (objects.length === 0) break;
      for (const object of objects) {
        await recordVerdict(database, object, await scrubObject(storage, object, async () => undefined));
        read += 1;
      }
      after = objects[objects.length - 1].instanceRow;
    }
    print(`${read} objects were read.`);
  }
  const damaged = await database.statement((tx) => damagedObjects(tx, LISTED));
  for (const { what, sha256, instanceRow, foundAt } of damaged)
    print([what, sha256, `instance ${instanceRow}`, `found ${foundAt.toISOString()}`].join('\t'));
  print(`${damaged.length} objects are damaged or missing.`);
  return damaged.length > 0 ? 1 : 0;
});
