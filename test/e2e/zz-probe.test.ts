import { it } from '@jest/globals';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Wetread } from './wetread.js';
import { aChestXray } from './instances.js';
import { multipartBody } from './multipart.js';
const MULTIPART = 'multipart/related; type="application/dicom"; boundary=frontier';
it('vanish', async () => {
  const w = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600', STORE_REQUEST_LIMIT_MIB: '1' });
  const body = multipartBody([aChestXray().bytes, aChestXray({ Rows: 200, Columns: 200 }).bytes]);
  const sender = request(`${w.url}/dicom-web/studies`, { method: 'POST', headers: { 'content-type': MULTIPART, 'content-length': body.length } });
  sender.on('error', () => undefined);
  sender.write(body.subarray(0, body.length - 50_000));
  await sleep(200); sender.destroy(); await sleep(200);
  let t = Date.now(); await w.stop(); console.log('stop after vanish', Date.now() - t);
});
it('cl413', async () => {
  const w = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600', STORE_REQUEST_LIMIT_MIB: '1' });
  const a = await w.fetch('/dicom-web/studies', { method: 'POST', headers: { 'content-type': MULTIPART }, body: Buffer.alloc(2_000_000) });
  console.log(a.status, a.headers.get('connection'));
  await a.text();
  let t = Date.now(); await w.stop(); console.log('stop after 413 by length', Date.now() - t);
});
it('endless', async () => {
  const w = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600', STORE_REQUEST_LIMIT_MIB: '1' });
  await new Promise<void>((answered) => {
    const sender = request(`${w.url}/dicom-web/studies`, { method: 'POST', headers: { 'content-type': 'application/dicom', 'transfer-encoding': 'chunked' } }, (response) => {
      response.resume().on('end', () => { sender.destroy(); answered(); });
    });
    sender.on('error', () => undefined);
    const send = (): void => void (sender.writable && sender.write(Buffer.alloc(65000), () => setImmediate(send)));
    send();
  });
  let t = Date.now(); await w.stop(); console.log('stop after endless', Date.now() - t);
});
