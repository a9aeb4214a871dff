/** What the thread that writes files is asked, in the order of each file's bytes. */
export interface FileRequest {
  readonly id: number;
  /** Which of the files that are being received. */
  readonly file: number;
  /** Where it lies while it is received. */
  readonly path: string;
  /** Its next bytes: the first `length` of them. The memory comes back with the answer. */
  readonly slab: ArrayBuffer | undefined;
  readonly length: number;
  /** False: the bytes are hashed and not written. */
  readonly keep: boolean;
  /** Nothing yet; its end: renamed to prefix + SHA-256 + suffix; or given up: closed and removed. */
  readonly after: 'more' | { readonly prefix: string; readonly suffix: string } | 'give up';
}

/** What it answers. */
export interface FileAnswer {
  readonly id: number;
  readonly slab: ArrayBuffer | undefined;
  /** 64 hex digits, where the file ended. */
  readonly sha256?: string;
  /** Of a file that is kept: open, and now the asker's to close. */
  readonly descriptor?: number;
  /** Why it could not be done: an errno code such as ENOSPC. */
  readonly failed?: string;
}
