/** A part of a multipart answer. */
export interface ReceivedPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

export interface MultipartForm {
  readonly boundary?: string;
  /** Header lines of every part. */
  readonly headers?: readonly string[];
  readonly preamble?: string;
  /** What follows the last part; the closing boundary unless said otherwise. */
  readonly end?: string;
}

/** A multipart body written by hand (RFC 2046 5.1.1), so that it can be wrong too. */
export function multipartBody(parts: readonly Uint8Array[], form: MultipartForm = {}): Buffer {
  const { boundary = 'frontier', headers = ['Content-Type: application/dicom'], preamble = '' } = form;
  const head = `--${boundary}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;
  const pieces = parts.flatMap((part, i) => [Buffer.from(i === 0 ? `${preamble}${head}` : `\r\n${head}`), part]);
  return Buffer.concat([...pieces, Buffer.from(form.end ?? `\r\n--${boundary}--\r\n`)]);
}

/** The parts of a multipart answer, split at the boundary that its Content-Type names. */
export async function partsOf(answer: Response): Promise<ReceivedPart[]> {
  const body = Buffer.from(await answer.arrayBuffer());
  const boundary = /boundary="?([^";]+)"?/.exec(answer.headers.get('content-type') ?? '')?.[1];
  if (boundary === undefined)
    throw new Error(`the answer names no boundary: ${answer.status} ${answer.headers.get('content-type')} ${body.toString()}`);
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: ReceivedPart[] = [];
  for (let at = body.indexOf(delimiter); ;) {
    at += delimiter.length;
    if (body.toString('latin1', at, at + 2) === '--') return parts;
    const next = body.indexOf(delimiter, at);
    if (next < 0) throw new Error('the answer has no closing boundary');
    parts.push(asPart(body.subarray(at + 2, next - 2)));
    at = next;
  }
}

function asPart(part: Buffer): ReceivedPart {
  const end = part.indexOf('\r\n\r\n');
  const lines = part
    .toString('latin1', 0, end)
    .split('\r\n')
    .map((line) => line.split(/:\s*(.*)/));
  return { headers: Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value])), bytes: part.subarray(end + 4) };
}
