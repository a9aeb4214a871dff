import { describe, expect, it } from '@jest/globals';
import { DatasetBroken } from '../../src/training/faults.js';
import { readTar } from '../../src/training/datasets/tar.js';

/** One entry as `tar --format=ustar` writes it. */
function entry(name: string, content: string, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write('ustar', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

const end = Buffer.alloc(1024);

describe('ustar reader', () => {
  it('gives the regular files with their bytes, whatever their length', () => {
    const long = 'x'.repeat(1500);
    const files = readTar(Buffer.concat([entry('folder', '', '5'), entry('a.jpeg', 'one'), entry('b.jpeg', long), end]));
    expect([...files].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
      ['a.jpeg', 'one'],
      ['b.jpeg', long],
    ]);
  });

  it('refuses a damaged header and an archive cut short', () => {
    const damaged = entry('a.jpeg', 'one');
    damaged[0] ^= 1;
    expect(() => readTar(damaged)).toThrow(DatasetBroken);
    expect(() => readTar(entry('a.jpeg', 'one').subarray(0, 513))).toThrow(DatasetBroken);
  });
});
