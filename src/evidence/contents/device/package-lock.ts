import { readFileSync } from 'node:fs';

/** From dist/src/evidence/contents/device. */
const FILE = new URL('../../../../../package-lock.json', import.meta.url);

let text: string | undefined;

/** package-lock.json as it lies beside the software: what `studyContents` makes the SBOM of. Read once. */
export const packageLockText = (): string => (text ??= readFileSync(FILE, 'utf8'));
