import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { link, open, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { event, thrownFields } from '../log.js';

const BEAT_MS = 2_000;
/** So long a holder may miss its beats (a process that was paused, a slow network file system) until the folder counts as left. */
const LEFT_AFTER_MS = 15_000;

interface Holder {
  readonly id: string;
  readonly pid: number;
  /** Where it runs: the same for all that see each other's sockets. */
  readonly place: string;
}

/** Another process, of another container or machine, keeps the folder. */
export class FolderKept extends Error {
  constructor(readonly pid: number) {
    super(`The folder is kept by process ${pid} of another place.`);
  }
}

/**
 * Says in a file that the folder is kept, again every two seconds: for servers that share it, but no kernel or network
 * namespace, such as containers with one volume. Whoever finds it watches whether it is still said; clocks need not agree.
 */
export class FolderLease {
  private readonly beating: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly mine: Holder,
    onLost: () => void,
  ) {
    this.beating = setInterval(() => void this.beat(onLost), BEAT_MS).unref();
  }

  /**
   * To be called by one process of a place at a time: it takes what another of its own place left at once, and what one of
   * another place left after 15 seconds.
   * @param onLost  another has taken the folder meanwhile, since this process stood still for so long
   * @throws FolderKept
   */
  static async take(folder: string, onLost: () => void, place = placeHere()): Promise<FolderLease> {
    const path = join(folder, 'server.lock');
    const mine = { id: randomUUID(), pid: process.pid, place };
    while (!(await madeNew(path, mine))) {
      const found = await holderOf(path);
      if (found === undefined) continue; // it has just gone
      if (found.place !== place) {
        event('data-folder.watched', { seconds: LEFT_AFTER_MS / 1_000 });
        if (await isAlive(path, found)) throw new FolderKept(found.pid);
      }
      await putAside(path, found, mine);
    }
    return new FolderLease(path, mine, onLost);
  }

  /** Ends what `take` began; what another has taken stays. */
  async release(): Promise<void> {
    clearInterval(this.beating);
    if ((await holderOf(this.path))?.id === this.mine.id) await rm(this.path, { force: true });
  }

  private async beat(onLost: () => void): Promise<void> {
    try {
      if ((await holderOf(this.path))?.id === this.mine.id) return await utimes(this.path, new Date(), new Date());
      clearInterval(this.beating);
      onLost();
    } catch (error) {
      event('data-folder.beat-failed', thrownFields(error)); // the next may do
    }
  }
}

/** False where there is one already; it is whole from the first moment on. */
async function madeNew(path: string, mine: Holder): Promise<boolean> {
  const beside = `${path}.${mine.id}`;
  await writeFile(beside, `${JSON.stringify(mine)}\n`);
  try {
    await link(beside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(beside, { force: true });
  }
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return { id: '', pid: 0, place: '' }; // a power cut took its bytes: someone's, to be watched
    throw error;
  }
}

/** Whether it says so again while it is watched. */
async function isAlive(path: string, found: Holder): Promise<boolean> {
  const said = await saidAt(path);
  for (let watched = 0; watched < LEFT_AFTER_MS; watched += BEAT_MS / 2) {
    await sleep(BEAT_MS / 2);
    if ((await saidAt(path)) !== said) return (await holderOf(path))?.id === found.id;
  }
  return false;
}

/** Opened, since a network file system asks its server only then. */
async function saidAt(path: string): Promise<number | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
  }
}

/** Takes a holder's file away, unless it is another's by now: that one keeps the folder. */
async function putAside(path: string, left: Holder, mine: Holder): Promise<void> {
  const aside = `${path}.${mine.id}`;
  await rename(path, aside).catch(() => undefined); // gone already
  const was = await holderOf(aside);
  if (was !== undefined && was.id !== left.id) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** The kernel that runs now and its network namespace, where there are such; else the machine. */
function placeHere(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/net')}`;
  } catch {
    return hostname();
  }
}
