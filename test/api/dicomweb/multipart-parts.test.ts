import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedMultipart, multipartParts } from '../../../src/api/dicomweb/multipart-parts.js';

const CRLF = '\r\n';
interface Sent {
  readonly headers: readonly string[];
  readonly body: Buffer;
}
interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const encode = (parts: readonly Sent[], boundary: string): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ headers, body }, i) => [
      Buffer.from(`${i === 0 ? '' : CRLF}--${boundary}${CRLF}${headers.map((line) => line + CRLF).join('')}${CRLF}`, 'latin1'),
      body,
    ]),
    Buffer.from(`${CRLF}--${boundary}--${CRLF}`, 'latin1'),
  ]);

/** The body in pieces of the given lengths, used again and again. */
async function* inPieces(body: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, i = 0; at < body.length; at += lengths[i++ % lengths.length]) yield body.subarray(at, at + lengths[i % lengths.length]);
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of items) all.push(one);
  return all;
}

async function decode(body: string | Buffer, boundary = 'b', lengths: readonly number[] = [1 << 16]): Promise<Received[]> {
  const parts: Received[] = [];
  for await (const { headers, body: pieces } of multipartParts(inPieces(Buffer.from(body), lengths), boundary))
    parts.push({ headers, body: Buffer.concat(await collected(pieces)) });
  return parts;
}

const bodiesOf = async (body: string, lengths?: readonly number[]): Promise<string[]> =>
  (await decode(body, 'b', lengths)).map(({ body: bytes }) => bytes.toString('latin1'));

describe('Splitting a multipart body (RFC 2046 5.1.1)', () => {
  const boundary = fc.stringMatching(/^[A-Za-z0-9'()+_,./:=?-]{1,70}$/).filter((text) => !text.endsWith('-'));
  /** Bytes that are rich in what delimiters are made of. */
  const bytes = (of: string) =>
    fc
      .array(
        fc.oneof(
          fc.constantFrom('\r', '\n', '-', '--', CRLF, `${CRLF}-`, `${CRLF}--`, of.slice(0, -1), `--${of.slice(0, -1)}`),
          fc.string({ unit: 'binary', maxLength: 8 }),
        ),
        { maxLength: 12 },
      )
      .map((pieces) => Buffer.from(pieces.join(''), 'latin1'))
      .filter((body) => !Buffer.concat([Buffer.from(CRLF), body, Buffer.from(CRLF)]).includes(`${CRLF}--${of}`));
  const message = boundary.chain((of) =>
    fc.record({
      boundary: fc.constant(of),
      parts: fc.array(
        fc.record({ headers: fc.constantFrom([], ['Content-Type: application/dicom'], ['a: 1', 'b:  2 ']), body: bytes(of) }),
        { minLength: 1, maxLength: 5 },
      ),
      lengths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
    }),
  );

  it('gives every part byte by byte, wherever the pieces are cut', async () => {
    const property = fc.asyncProperty(message, async ({ boundary: of, parts, lengths }) => {
      const received = await decode(encode(parts, of), of, lengths);
      expect(received.map(({ body }) => body.toString('hex'))).toEqual(parts.map(({ body }) => body.toString('hex')));
      expect(received.map(({ headers }) => Object.keys(headers).length)).toEqual(parts.map(({ headers }) => headers.length));
    });
    await fc.assert(property, { numRuns: 1_000, seed: 9 });
  });

  it('loses no part where its reader stops early', async () => {
    const property = fc.asyncProperty(message, fc.integer({ min: 0, max: 2 }), async ({ boundary: of, parts, lengths }, pieces) => {
      let count = 0;
      for await (const { body } of multipartParts(inPieces(encode(parts, of), lengths), of)) {
        count += 1;
        let left = pieces;
        if (left > 0) for await (const _ of body) if (--left === 0) break;
      }
      expect(count).toBe(parts.length);
    });
    await fc.assert(property, { numRuns: 300, seed: 9 });
  });

  it('never takes a body that was cut for a whole one', async () => {
    const property = fc.asyncProperty(
      message,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      async ({ boundary: of, parts, lengths }, where) => {
        const whole = encode(parts, of);
        const end = whole.length - 2 - 2; // before the closing "--"
        await expect(decode(whole.subarray(0, Math.floor(where * end)), of, lengths)).rejects.toThrow(MalformedMultipart);
      },
    );
    await fc.assert(property, { numRuns: 500, seed: 9 });
  });

  it('passes over preamble, padding and epilogue', async () => {
    expect(await bodiesOf(`for old readers${CRLF}--b \t${CRLF}${CRLF}one${CRLF}--b${CRLF}${CRLF}two${CRLF}--b-- ${CRLF}more`, [1])).toEqual(
      ['one', 'two'],
    );
  });

  it('gives an empty part for one without a body', async () => {
    expect(await bodiesOf(`--b${CRLF}a: 1${CRLF}${CRLF}--b${CRLF}${CRLF}${CRLF}--b${CRLF}${CRLF}x${CRLF}--b--`, [1])).toEqual([
      '',
      '',
      'x',
    ]);
  });

  it('has headers by lower-case name', async () => {
    const [{ headers }] = await decode(
      `--b${CRLF}Content-TYPE:application/dicom; x=1${CRLF}Content-Location :  u:v ${CRLF}${CRLF}x${CRLF}--b--`,
    );
    expect(headers).toEqual({ 'content-type': 'application/dicom; x=1', 'content-location': 'u:v' });
  });

  it.each<[string, string]>([
    ['no boundary', 'only text'],
    ['nothing', ''],
    ['an end after the first boundary', '--b'],
    ['an end in the headers', `--b${CRLF}Content-Type: app`],
    ['an end in a part', `--b${CRLF}${CRLF}text`],
    ['other bytes after a boundary', `--boundary${CRLF}${CRLF}text${CRLF}--b--`],
    ['headers without end', `--b${CRLF}${`x: ${'y'.repeat(100)}${CRLF}`.repeat(1_000)}`],
  ])('refuses %s', async (_, body) => {
    await expect(decode(body)).rejects.toThrow(MalformedMultipart);
  });

  it('takes 250,000 parts, and none more', async () => {
    const counts: number[] = [];
    const count = async (parts: number): Promise<void> => {
      let seen = 0;
      const body = Buffer.from(`${`--b${CRLF}${CRLF}x${CRLF}`.repeat(parts)}--b--`);
      try {
        for await (const _ of multipartParts(inPieces(body, [1 << 16]), 'b')) seen += 1;
      } finally {
        counts.push(seen);
      }
    };
    await count(250_000);
    await expect(count(250_001)).rejects.toThrow(MalformedMultipart);
    expect(counts).toEqual([250_000, 250_000]);
  });

  it('refuses headers that are too long, however many bytes come at once', async () => {
    const body = `--b${CRLF}x: ${'y'.repeat(20_000)}${CRLF}${CRLF}text${CRLF}--b--`;
    for (const length of [1_000, 1 << 16]) await expect(decode(body, 'b', [length])).rejects.toThrow(MalformedMultipart);
  });

  it('gives the parts before a break, then says where it broke', async () => {
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const { body } of multipartParts(inPieces(Buffer.from(`--b${CRLF}${CRLF}one${CRLF}--b${CRLF}${CRLF}tw`), [3]), 'b'))
        seen.push(Buffer.concat(await collected(body)).toString());
    };
    await expect(read()).rejects.toMatchObject({ code: 'malformed-multipart', status: 400, byteOffset: 21 });
    expect(seen).toEqual(['one']);
  });

  it('gives its source back where it stops', async () => {
    let closed = 0;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield Buffer.from('--b and more');
      } finally {
        closed += 1;
      }
    }
    await expect(collected(multipartParts(source(), 'b'))).rejects.toThrow(MalformedMultipart);
    expect(closed).toBe(1);
  });
});
