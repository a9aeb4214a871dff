import type { Database } from '../../database/database.js';
import { event } from '../../log.js';
import { anyToIndex, indexAgain, toIndex } from '../store/write.sql.js';
import { indexRows } from './extract.js';
import { noRows } from './index-rows.js';

const BATCH = 200;
const WAIT_MS = 200;

/**
 * Indexes what an older server wrote, or a migration left unindexed, before this one answers its first search: half an index
 * would give wrong answers.
 */
export async function indexWhatIsLeft(database: Database): Promise<void> {
  for (let done = 0; ;) {
    const count = await database.transaction(async (tx) => {
      const rows = await toIndex(tx, BATCH);
      if (rows.length === 0) return 0;
      const resources = rows.map(({ no, content, deleted }) => ({
        no,
        rows: deleted ? noRows() : indexRows(JSON.parse(content) as { resourceType: string }), // this server wrote it
      }));
      await indexAgain(tx, resources);
      return rows.length;
    });
    done += count;
    if (count > 0) continue;
    // Another server that starts may hold the rest: it is waited for.
    if (!(await database.statement(anyToIndex))) return void (done > 0 && event('records.indexed', { resources: done }));
    await new Promise((later) => setTimeout(later, WAIT_MS));
  }
}
