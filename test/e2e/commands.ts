import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Wetread } from './wetread.js';

interface Ended {
  readonly code: number;
  readonly said: string;
  readonly complained: string;
}

/** Runs `npm run archive:NAME` beside a server, as its operator would. */
export const command = (wetread: Wetread, name: string, ...given: string[]): Promise<Ended> =>
  commandOf('archive', wetread, name, ...given);

/** The same of another room's. */
export async function commandOf(room: string, wetread: Wetread, name: string, ...given: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`../../src/${room}/commands/${name}.js`, import.meta.url)), ...given], {
    env: { PATH: process.env['PATH'], ...wetread.settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complained = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said, complained };
}
