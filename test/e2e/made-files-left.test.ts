import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as later } from 'node:timers/promises';
import { aChestXray, bytesRamp, inRle, TRANSFER_SYNTAX } from './instances.js';
import { noSpoolFileIsOpen } from './spool-files.js';
import { HTTP1, Wire, WIRES } from './wires.js';

const [SIDE, FRAMES] = [512, 12];
const FRAME_BYTES = SIDE * SIDE;
const said = { Rows: SIDE, Columns: SIDE, NumberOfFrames: FRAMES, BitsAllocated: 8, BitsStored: 8, HighBit: 7 };
/** Decoded it is made to its end before it is sent: in a file of the spool. */
const instance = inRle(aChestXray(said, { pixelData: bytesRamp(FRAMES * FRAME_BYTES) }), FRAME_BYTES);
const SYNTAX = `transfer-syntax=${TRANSFER_SYNTAX.explicitLittleEndian}`;
const FORMS = [`application/dicom; ${SYNTAX}`, `multipart/related; type="application/dicom"; ${SYNTAX}`, `application/zip; ${SYNTAX}`];

describe.each(WIRES)('By %s, a file that is made for who leaves is let go', (name) => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await Wire.to(name);
    await wire.store(instance.bytes);
  });
  afterAll(() => wire.remove());

  const noneIsOpen = async (): Promise<boolean> => {
    await later(1_000); // what is in the making is to be let go as well
    return noSpoolFileIsOpen(wire.wetread);
  };

  it.each(FORMS)('whenever that is, asked for as %s', async (accept) => {
    const whole = await wire.exchange(instance.path, { headers: { accept } });
    expect([whole.status, whole.body.length > FRAMES * FRAME_BYTES]).toEqual([200, true]);
    for (const afterMs of [0, 5, 30, 120, 400]) {
      const asked = Array.from({ length: 12 }, () => wire.ask(instance.path, { headers: { accept } }));
      await later(afterMs);
      for (const one of asked) one.leave();
    }
    expect(await noneIsOpen()).toBe(true);
  });

  // Of HTTP/1.1 it is the same.
  (name === HTTP1 ? it.skip : it)('whenever that is, with their connection', async () => {
    for (const accept of FORMS)
      for (const afterMs of [0, 5, 30, 120, 400]) {
        const session = await wire.connect();
        for (let i = 0; i < 12; i++) wire.ask(instance.path, { headers: { accept } }, session);
        await later(afterMs);
        session.destroy();
      }
    expect(await noneIsOpen()).toBe(true);
    expect(wire.wetread.log.join('')).not.toContain('garbage collection');
  });
});
