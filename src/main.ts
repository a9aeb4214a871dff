import { letAbandonedGo } from './api/graphql/abandoned-errors.js';
import { StoreUnusable } from './archive/faults.js';
import { DataFolderInUse } from './database/data-folder.js';
import { EmbeddedPostgresFailed } from './database/launch-postgres.js';
import { NoModelsFolder } from './inference/faults.js';
import { NoEmbeddedPostgres } from './database/embedded-binaries.js';
import { PostgresTooOld } from './database/open-database.js';
import { event, thrownFields } from './log.js';
import { BeyondLoopback, startServer, type RunningServer } from './server.js';
import { InvalidSettings, readSettings } from './settings.js';
import { UnusableCertificate } from './wire-server.js';

/** What a person can mend is told in a sentence; anything else shows where it broke. */
const EXPLAINED = [
  NoModelsFolder,
  InvalidSettings,
  BeyondLoopback,
  DataFolderInUse,
  NoEmbeddedPostgres,
  EmbeddedPostgresFailed,
  PostgresTooOld,
  StoreUnusable,
  UnusableCertificate,
];

async function main(): Promise<void> {
  if (Number.parseInt(process.versions.node, 10) < 24)
    throw new InvalidSettings(`Node 24 or later is needed; this is ${process.version}. Use \`npm start\`.`);
  let server: RunningServer | undefined;
  let stopping = false;
  const stop = async (why: string): Promise<void> => {
    if (stopping) process.exit(130); // asked twice: at once; Postgres follows by its line of life
    stopping = true;
    event('server.stopping', { why });
    await server?.stop();
    process.exit(why === 'postgres-died' || why === 'data-folder-lost' ? 1 : 0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));
  // The line of life to whoever started us, where there is one (demo, tests): it closes when they die.
  if (process.env['WETREAD_STOP_WITH_PARENT'] === '1') process.on('disconnect', () => void stop('parent-gone'));
  process.on('unhandledRejection', letAbandonedGo);
  const settings = readSettings(process.env);
  server = await startServer(settings, {
    onDatabaseDeath: () => void stop('postgres-died'),
    onFolderLost: () => void stop('data-folder-lost'),
  });
  const running = server;
  if (settings.TLS_CERT_FILE !== undefined) process.on('SIGHUP', () => renewCertificate(running));
  process.stdout.write(`wetread is ready at ${server.url}\n`);
  if (settings.AUTH === 'none') process.stdout.write('AUTH=none: whoever reaches this address may read and change everything.\n');
  if (server.firstAdminCode !== undefined)
    process.stdout.write(
      `There is no account yet. Make the administrator's at ${server.url}/oauth/first-admin with the code ${server.firstAdminCode} (good once); then \`npm run login\` gives a token.\n`,
    );
  process.send?.({ url: server.url });
}

main().catch((error: unknown) => {
  process.stderr.write(`wetread did not start: ${explanation(error)}\n`);
  process.exit(1);
});

/** A certificate is renewed while the server runs, as its issuer's tools ask by SIGHUP; one that cannot be used leaves the old one. */
function renewCertificate(server: RunningServer): void {
  try {
    server.renewCertificate();
    event('certificate.renewed');
  } catch (error) {
    event('certificate.refused', thrownFields(error));
  }
}

function explanation(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
    return `PORT ${process.env['PORT'] ?? 3000} is in use by another program. Set another PORT, or 0 for a free one.`;
  return EXPLAINED.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}
