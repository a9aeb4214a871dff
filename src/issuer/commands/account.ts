import { withDatabase } from '../../database/open-for-command.js';
import { readSettings } from '../../settings.js';
import { resetAccount } from '../reset-account.js';

/**
 * `npm run account -- reset USERNAME`: for who has no administrator to ask. A new password is printed, alone on standard output; the second
 * factor is off, locks are lifted, sessions and tokens have ended (those that a running server knows, within two seconds). Exit 0: done;
 * 2: not, and why.
 */
async function main(): Promise<void> {
  const [verb, username, ...more] = process.argv.slice(2);
  if (verb !== 'reset' || username === undefined || more.length > 0) throw new Error('Say: npm run account -- reset USERNAME');
  const { account, password } = await withDatabase(readSettings(process.env), 'account', (database) => resetAccount(database, username));
  process.stderr.write(`${account.disabled ? 'The account is disabled still. ' : ''}Its new password, to be changed at /oauth/password:\n`);
  process.stdout.write(`${password}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`Nothing was changed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
