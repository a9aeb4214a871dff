/**
 * A JPEG 2000 codestream as a JP2 file (ITU-T T.800 Annex I): signature, file type, header with size and colour, codestream.
 * @param channels  8 bits each: grey or sRGB
 */
export function jp2File(
  codestream: Uint8Array,
  { rows, columns, channels }: { rows: number; columns: number; channels: 1 | 3 },
): Uint8Array {
  const size = Buffer.alloc(14);
  size.writeUInt32BE(rows, 0);
  size.writeUInt32BE(columns, 4);
  size.writeUInt16BE(channels, 8);
  size.set([7, 7, 0, 0], 10); // 8 bits less one; compression type 7; colour space known; no intellectual property box
  const colour = Buffer.from([1, 0, 0, 0, 0, 0, channels === 1 ? 17 : 16]); // enumerated: 17 grey, 16 sRGB (I.5.3.3)
  return Buffer.concat([
    box('jP  ', Buffer.from('0d0a870a', 'hex')),
    box('ftyp', Buffer.from('jp2 \0\0\0\0jp2 ', 'latin1')),
    box('jp2h', Buffer.concat([box('ihdr', size), box('colr', colour)])),
    box('jp2c', codestream),
  ]);
}

function box(type: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(content.length + 8, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
}
