import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BINARIES = ['ceph-mon', 'ceph-mgr', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'ceph-authtool', 'monmaptool'];

/** A real S3 server of one machine: Ceph's gateway over a cluster in memory, all of it below one temporary folder. */
export class Radosgw {
  readonly accessKey = 'WETREADTESTKEY';
  readonly secretKey = randomUUID();
  private readonly cluster: ChildProcess[] = [];
  private gateway: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly ports: { readonly gateway: number; readonly v2: number; readonly v1: number },
  ) {}

  /** False where Debian's packages radosgw, ceph-mon, ceph-osd and ceph-mgr are not installed. */
  static get isInstalled(): boolean {
    return spawnSync('which', BINARIES).status === 0;
  }

  static async start(): Promise<Radosgw> {
    const [gateway, v2, v1] = await freePorts(3);
    const ceph = new Radosgw(mkdtempSync(join(tmpdir(), 'wetread-ceph-')), { gateway, v2, v1 });
    try {
      await ceph.startCluster();
      await ceph.startGateway();
    } catch (error) {
      await ceph.stop();
      throw error;
    }
    return ceph;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.ports.gateway}`;
  }

  get client(): S3Client {
    const { endpoint, accessKey: accessKeyId, secretKey: secretAccessKey } = this;
    return new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      credentials: { accessKeyId, secretAccessKey },
    });
  }

  async createBucket(): Promise<string> {
    const bucket = `wetread-${randomUUID()}`;
    await this.client.send(new CreateBucketCommand({ Bucket: bucket }));
    return bucket;
  }

  /** Starts the gateway, again after `stopGateway`, on the same port and data. */
  async startGateway(): Promise<void> {
    this.gateway = this.spawn('radosgw', '-d', '-n', 'client.rgw');
    for (const deadline = Date.now() + 60_000; ; await sleep(50)) {
      const answers = await fetch(this.endpoint).then(
        () => true,
        () => false,
      );
      if (answers) return;
      if (Date.now() > deadline || this.gateway.exitCode !== null) throw new Error('radosgw did not start');
    }
  }

  async stopGateway(): Promise<void> {
    await ended(this.gateway);
    this.gateway = undefined;
  }

  async stop(): Promise<void> {
    await this.stopGateway();
    await Promise.all(this.cluster.map(ended));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startCluster(): Promise<void> {
    const at = (name: string): string => join(this.folder, name);
    for (const name of ['mon', 'mgr', 'osd']) mkdirSync(at(name));
    const id = randomUUID();
    writeFileSync(at('ceph.conf'), configuration(this.folder, id, this.ports));
    writeFileSync(at('keyring'), '');
    for (const [name, caps] of [
      ['mon.', ['mon', 'allow *']],
      ['client.admin', ['mon', 'allow *', 'osd', 'allow *', 'mgr', 'allow *']],
      ['osd.0', ['mon', 'allow *', 'osd', 'allow *', 'mgr', 'allow *']],
      ['mgr.x', ['mon', 'allow *', 'osd', 'allow *', 'mgr', 'allow *']],
      ['client.rgw', ['mon', 'allow *', 'osd', 'allow *', 'mgr', 'allow *']],
    ] as const) {
      const pairs = Array.from({ length: caps.length / 2 }, (_, i) => ['--cap', caps[i * 2], caps[i * 2 + 1]]).flat();
      this.run('ceph-authtool', at('keyring'), '--gen-key', '-n', name, ...pairs);
    }
    const { v1, v2 } = this.ports;
    this.run('monmaptool', '--create', '--fsid', id, '--addv', 'a', `[v2:127.0.0.1:${v2},v1:127.0.0.1:${v1}]`, at('monmap'));
    this.run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', at('monmap'), '--keyring', at('keyring'));
    this.cluster.push(this.spawn('ceph-mon', '-f', '-i', 'a'));
    this.run('ceph', 'mon', 'enable-msgr2');
    this.cluster.push(this.spawn('ceph-mgr', '-f', '-i', 'x'));
    const osd = randomUUID();
    this.run('ceph', 'osd', 'new', osd, '0');
    this.run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd);
    this.cluster.push(this.spawn('ceph-osd', '-f', '-i', '0'));
    const { accessKey, secretKey } = this;
    this.run(
      'radosgw-admin',
      'user',
      'create',
      '--uid=wetread',
      '--display-name=wetread',
      `--access-key=${accessKey}`,
      `--secret-key=${secretKey}`,
    );
  }

  private run(command: string, ...args: string[]): void {
    const { status, stderr, error } = spawnSync(command, this.arguments(command, args), { encoding: 'utf8', timeout: 60_000 });
    if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr ?? error?.message}`);
  }

  private spawn(command: string, ...args: string[]): ChildProcess {
    return spawn(command, this.arguments(command, args), { stdio: 'ignore' });
  }

  /** The key tools take no cluster's configuration. */
  private arguments(command: string, args: readonly string[]): string[] {
    return ['ceph-authtool', 'monmaptool'].includes(command) ? [...args] : ['-c', join(this.folder, 'ceph.conf'), ...args];
  }
}

const configuration = (folder: string, id: string, { gateway, v2, v1 }: { gateway: number; v2: number; v1: number }): string => `[global]
fsid = ${id}
mon host = [v2:127.0.0.1:${v2},v1:127.0.0.1:${v1}]
keyring = ${folder}/keyring
admin socket = ${folder}/$name.asok
log file = /dev/null
run dir = ${folder}
crash dir = ${folder}
mon data = ${folder}/mon
mgr data = ${folder}/mgr
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 1
mon warn on pool no redundancy = false
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${gateway}
rgw thread pool size = 32
`;

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL'); // everything it held was in memory
  await gone;
}
