import type { StudyFile } from '../study-file.js';
import type { Block } from './block.js';
export async function* pdfReport(_file: StudyFile, _blocks: readonly Block[]): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from('');
}
