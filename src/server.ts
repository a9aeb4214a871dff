import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Tenants } from './database/tenants.js';
import { createApplication } from './application.js';
import { Ingest } from './archive/ingest.js';
import { Scrubber } from './archive/scrubber.js';
import { ObjectStorage } from './archive/storage/object-storage.js';
import { DataFolder } from './database/data-folder.js';
import { openDatabase, type OpenDatabase } from './database/open-database.js';
import { YoungTables } from './database/young-tables.js';
import { ForwardAudit } from './delivery/audit/forward-audit.js';
import { Models } from './inference/models.js';
import { Issuer } from './issuer/issuer.js';
import { HeadsFile } from './ledger/heads-file.js';
import { KeepHeads } from './ledger/keep-heads.js';
import { Linker } from './ledger/linker.js';
import { lookAtStart } from './ledger/look-at-start.js';
import { MakeCheckpoints } from './ledger/make-checkpoints.js';
import { event } from './log.js';
import { PixelPool } from './pixels/pixel-pool.js';
import { indexWhatIsLeft } from './records/search/index-upkeep.js';
import { Definitions } from './reporting/definitions/definitions.js';
import { PublicAddress } from './public-address.js';
import { SCHEMA } from './schema.js';
import type { Settings } from './settings.js';
import { Signer } from './signing/signer.js';
import { renewCertificate, speaksTls } from './wire-server.js';
import { WorkQueue } from './work/work-queue.js';

/** What the server would say beyond this machine could be read on its way, or by anybody. */
export class BeyondLoopback extends Error {
  /** @param setting  what of the settings would, as it is written: `HOST=0.0.0.0` */
  constructor(setting: string, why: string) {
    super(`${setting} would open the server beyond this machine, and ${why}.`);
  }
}

export interface RunningServer {
  /** http://host:port, or https:// */
  readonly url: string;
  /** A code that makes the first administrator, where there is no account yet and the built-in issuer is used. */
  readonly firstAdminCode: string | undefined;
  /** Takes the certificate of its files again. Throws UnusableCertificate, and the old one stays. */
  renewCertificate(): void;
  /** Finishes what is in flight, ends every child process and the embedded Postgres. */
  stop(): Promise<void>;
}

/** What it cannot go on without is gone. */
export interface LossOf {
  readonly onDatabaseDeath: () => void;
  readonly onFolderLost: () => void;
}

/** Starts the server: data folder, database, application, workers; ready when it answers. */
export async function startServer(settings: Settings, { onDatabaseDeath, onFolderLost }: LossOf): Promise<RunningServer> {
  checkReach(settings);
  const folder = await DataFolder.take(settings.WETREAD_DATA, onFolderLost);
  let open: OpenDatabase | undefined;
  let app: NestFastifyApplication | undefined;
  try {
    open = await openDatabase(settings.DATABASE_URL, folder.path, SCHEMA, onDatabaseDeath, settings.ACCESS_RECORDS);
    app = await createApplication({ settings, database: open.database, dataFolder: folder.path });
    await app.init();
    const { database } = open;
    await app.get(YoungTables).start();
    const definitions = app.get(Definitions);
    await app.get(Tenants).each(async () => {
      await indexWhatIsLeft(database);
      await definitions.publish();
    });
    await app.get(ObjectStorage).open();
    await app.get(Ingest).recover();
    const signer = app.get(Signer);
    await lookAtStart(database);
    app.get(Linker).start(new KeepHeads(database, new HeadsFile(folder.path), signer), new MakeCheckpoints(database, signer));
    app.get(Scrubber).start();
    await app.get(Models).engine.start();
    await app.listen(settings.PORT, settings.HOST);
    app.get(PublicAddress).listensAt(urlOf(app, settings));
    app.get(ForwardAudit).start();
    await app.get(WorkQueue).start({ alone: open.alone });
  } catch (error) {
    await stop(app, open, folder);
    throw error;
  }
  event('server.ready');
  const http = app.getHttpServer();
  return {
    url: urlOf(app, settings),
    firstAdminCode: usesOwnIssuer(settings) ? await app.get(Issuer).firstAdminCode() : undefined,
    renewCertificate: () => renewCertificate(http, settings),
    stop: () => stop(app, open, folder),
  };
}

function urlOf(app: NestFastifyApplication, settings: Settings): string {
  const { HOST, PORT } = settings;
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : PORT;
  return `${speaksTls(settings) ? 'https' : 'http'}://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`;
}

/** From the outside in: no new request, no new work, then the children, then the ledger's tail, then the database. */
async function stop(app: NestFastifyApplication | undefined, open: OpenDatabase | undefined, folder: DataFolder): Promise<void> {
  if (app) {
    await closeWires(app);
    await app.get(Ingest).settled();
    await app.get(WorkQueue).stop();
    await app.get(ForwardAudit).stop();
    await app.get(Models).engine.close();
    await app.get(PixelPool).close();
    await app.get(Scrubber).stop();
    await app.get(ObjectStorage).close();
    await app.get(Linker).stop();
    await app.get(YoungTables).stop();
  }
  await open?.close();
  await folder.release();
}

/** A connection that is busy now would stay open after its answer for a next request that never gets one: it is closed as it falls idle. */
async function closeWires(app: NestFastifyApplication): Promise<void> {
  const sweep = setInterval(() => app.getHttpServer().closeIdleConnections(), 100);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
  }
}

const usesOwnIssuer = ({ AUTH, OIDC_ISSUER }: Settings): boolean => AUTH === 'on' && OIDC_ISSUER === undefined;

const NOBODY_ASKED = 'AUTH=none lets everybody do everything: it is for this machine alone, behind no proxy';

/** Beyond this machine there must be somebody who asks for tokens, and nobody who reads along. Throws BeyondLoopback. */
function checkReach(settings: Settings): void {
  const { HOST, AUTH, TLS_PROXY, PUBLIC_URL } = settings;
  if (AUTH === 'none') {
    // A proxy brings in whoever reaches it: one that is declared, and one that an address tells of.
    if (TLS_PROXY === '1') throw new BeyondLoopback('TLS_PROXY=1', NOBODY_ASKED);
    if (PUBLIC_URL !== undefined && isElsewhere(PUBLIC_URL, settings)) throw new BeyondLoopback(`PUBLIC_URL=${PUBLIC_URL}`, NOBODY_ASKED);
    if (!isLoopback(HOST)) throw new BeyondLoopback(`HOST=${HOST}`, NOBODY_ASKED);
  }
  if (isLoopback(HOST)) return;
  const hasProxy = TLS_PROXY === '1' && PUBLIC_URL?.startsWith('https://') === true;
  if (!speaksTls(settings) && !hasProxy)
    throw new BeyondLoopback(
      `HOST=${HOST}`,
      'tokens and images would go in clear text: set TLS_CERT_FILE and TLS_KEY_FILE, or, where a proxy in front speaks TLS, TLS_PROXY=1 and PUBLIC_URL=https://…',
    );
}

/** Whether clients come by an address that is not this machine's, or by a TLS that is not this server's. */
function isElsewhere(address: string, settings: Settings): boolean {
  const { protocol, hostname } = new URL(address);
  return !isLoopback(hostname.replace(/^\[(.*)\]$/, '$1')) || (protocol === 'https:' && !speaksTls(settings));
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
