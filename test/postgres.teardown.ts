import { rmSync } from 'node:fs';

export default async function stop(): Promise<void> {
  const running = globalThis.wetreadTestPostgres;
  await running?.postgres.stop();
  if (running) rmSync(running.folder, { recursive: true, force: true });
}
