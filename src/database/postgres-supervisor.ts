/**
 * Runs Postgres as long as its own standard input stays open: the pipe closes when the server ends, however it ends
 * (`kill -9` too), and Postgres is then shut down fast. Without it Postgres would outlive a killed server.
 * Arguments: uid gid (or - -), then the command line.
 */
import { spawn } from 'node:child_process';

const [, , uid, gid, command, ...rest] = process.argv;
const account = uid === '-' ? {} : { uid: Number(uid), gid: Number(gid) };
const postgres = spawn(command, rest, { ...account, stdio: ['ignore', 'ignore', 'inherit'], detached: true });
postgres.on('error', () => process.exit(1));
postgres.on('exit', (code) => process.exit(code ?? 1));

function stop(): void {
  postgres.kill('SIGINT'); // fast shutdown; SIGTERM would wait for clients for ever
  setTimeout(() => postgres.kill('SIGQUIT'), 10_000).unref();
}
process.stdin.resume();
process.stdin.on('end', stop);
process.stdin.on('error', stop);
// Ctrl-C reaches the whole terminal group; the server drains first and then closes the pipe.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stderr.on('error', () => undefined);
