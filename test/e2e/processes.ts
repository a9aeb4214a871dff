import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A process as /proc shows it. */
export interface SeenProcess {
  readonly pid: number;
  readonly command: string;
}

/** The processes below one, at any depth (Linux). */
export function childrenOf(parent: number): SeenProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const seen = look(Number(name));
      return seen ? [seen] : [];
    });
  const below = (pid: number): SeenProcess[] => all.flatMap((one) => (one.parent === pid ? [one, ...below(one.pid)] : []));
  return below(parent);
}

/** True while the process runs; a zombie does not. */
export const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`) && look(pid) !== undefined;

function look(pid: number): (SeenProcess & { readonly parent: number }) | undefined {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    if (state === 'Z') return undefined;
    return { pid, parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
  } catch {
    return undefined; // it ended meanwhile
  }
}
