import { open, type FileHandle } from 'node:fs/promises';

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  users: number;
  /** No longer kept: its last user closes it. */
  dropped: boolean;
}

/**
 * Files kept open between reads, the least lately used given up first: the frames of one object, and the instances of a study
 * that is being looked at, are read over and over. Fit only for files that never change.
 */
export class OpenFiles {
  private readonly files = new Map<string, OpenFile>();

  constructor(private readonly most: number) {}

  /** Runs `work` with the file open. Throws what opening it throws, and then tries anew the next time. */
  async use<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
    const file = this.take(path);
    file.users++;
    try {
      return await work(await file.handle);
    } finally {
      file.users--;
      if (file.dropped && file.users === 0) this.close(file);
    }
  }

  /** Lets go of a file that is about to be removed, so that its space becomes free. */
  forget(path: string): void {
    const file = this.files.get(path);
    if (file) this.drop(path, file);
  }

  /** Closes what is open; what is in use is closed by its user. */
  closeAll(): void {
    for (const [path, file] of this.files) this.drop(path, file);
  }

  private take(path: string): OpenFile {
    const known = this.files.get(path);
    if (known) {
      this.files.delete(path); // and back in at the end: the first is the least lately used
      this.files.set(path, known);
      return known;
    }
    const file: OpenFile = { handle: open(path), users: 0, dropped: false };
    file.handle.catch(() => this.files.get(path) === file && this.files.delete(path));
    this.files.set(path, file);
    if (this.files.size > this.most) {
      const [oldest] = this.files;
      this.drop(...oldest);
    }
    return file;
  }

  private drop(path: string, file: OpenFile): void {
    this.files.delete(path);
    file.dropped = true;
    if (file.users === 0) this.close(file);
  }

  private close({ handle }: OpenFile): void {
    void handle.then((open) => open.close()).catch(() => undefined); // it never opened, or is closed: nothing is held
  }
}
