import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where the embedded Postgres lives and as whom it runs: Postgres refuses to run as root. */
export interface EmbeddedIdentity {
  /** Folder with bin/, lib/ and share/. */
  readonly native: string;
  /** Data folder of the cluster, mode 0700. */
  readonly cluster: string;
  /** What a command line starts with; ['unshare', …] inside a user namespace. */
  readonly prefix: readonly string[];
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

const NAMESPACE = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];

/**
 * Chooses how Postgres can run on this machine, and makes the cluster's parent folders.
 * As an ordinary user: as that user. As root, the first of these that can execute the binaries and reach the data:
 * an unprivileged account; the same files inside a user namespace (everything under root's own 0700 home);
 * a copy of both below /var/lib, where every account may pass.
 */
export function embeddedIdentity(native: string, data: string): EmbeddedIdentity {
  const cluster = join(data, 'pg');
  const relocated = join('/var/lib/wetread', createHash('sha256').update(data).digest('hex').slice(0, 16));
  if (process.getuid?.() !== 0) return { native, cluster, prefix: [], uid: undefined, gid: undefined };
  // A cluster that exists decides: its owner is the one who can open it.
  const owner = existsSync(cluster) ? statSync(cluster).uid : undefined;
  const account = unprivilegedAccount(owner);
  if (owner !== 0 && !existsSync(relocated) && runs(native, data, [], account)) {
    mkdirSync(cluster, { recursive: true, mode: 0o700 });
    chownSync(cluster, account.uid, account.gid);
    return { native, cluster, prefix: [], ...account };
  }
  if (!existsSync(relocated) && (owner === 0 || owner === undefined) && runs(native, data, NAMESPACE, {}))
    return { native, cluster, prefix: NAMESPACE, uid: undefined, gid: undefined };
  mkdirSync(join(relocated, 'pg'), { recursive: true, mode: 0o755 });
  chmodSync(join(relocated, 'pg'), 0o700);
  chownSync(join(relocated, 'pg'), account.uid, account.gid);
  if (!existsSync(join(relocated, 'native'))) cpSync(native, join(relocated, 'native'), { recursive: true, verbatimSymlinks: true });
  return { native: join(relocated, 'native'), cluster: join(relocated, 'pg'), prefix: [], ...account };
}

/** initdb looks the account up by its number, so it must have an entry in /etc/passwd. */
function unprivilegedAccount(owner: number | undefined): { uid: number; gid: number } {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && fields[2] !== '0');
  const found =
    accounts.find((fields) => Number(fields[2]) === owner) ??
    accounts.find((fields) => fields[0] === 'postgres') ??
    accounts.find((fields) => fields[0] === 'nobody');
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : { uid: 65534, gid: 65534 };
}

/** True when the account can run the binary and can pass through to the data folder. */
function runs(native: string, data: string, prefix: readonly string[], account: { uid?: number; gid?: number }): boolean {
  const [command, ...rest] = [...prefix, join(native, 'bin', 'postgres'), '--version'];
  if (spawnSync(command, rest, { ...account, stdio: 'ignore', timeout: 10_000 }).status !== 0) return false;
  const [look, ...at] = [...prefix, '/bin/ls', '-d', `${data}/.`];
  return spawnSync(look, at, { ...account, stdio: 'ignore', timeout: 10_000 }).status === 0;
}
