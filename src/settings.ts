import 'reflect-metadata';
import { plainToInstance, Transform, Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsNumber, IsOptional, IsString, IsUrl, Matches, Max, Min, MinLength, validateSync } from 'class-validator';
import { availableParallelism } from 'node:os';
import { OutsideIssuerSettings } from './outside-issuer-settings.js';

const PROVIDERS = ['cuda', 'tensorrt', 'webgpu', 'coreml', 'dml', 'cpu'] as const;
const STORES = ['disk', 's3'] as const;
export type ExecutionProvider = (typeof PROVIDERS)[number];

const hostsIn = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.split(',').map((host) => host.trim()) : value;
const A_HOST = [
  /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?$/,
  { each: true, message: 'each must be a host such as ehr.internal or 10.0.0.5:8080' },
] as const;

/** Every setting of the server, each from the environment variable of the name that `variable` gives it. */
export class Settings extends OutsideIssuerSettings {
  /**
   * `on`: each request needs an access token, of the built-in issuer or of OIDC_ISSUER. `none`: whoever reaches the server may do
   * everything; refused beyond loopback, and where TLS_PROXY or PUBLIC_URL tells of a proxy.
   */
  @IsIn(['on', 'none'])
  readonly AUTH: 'on' | 'none' = 'on';

  /** Address to listen on. Beyond loopback is refused without TLS or TLS_PROXY, and with AUTH=none. */
  @IsString()
  @MinLength(1)
  readonly HOST: string = '127.0.0.1';

  /** TCP port; 0 takes a free one and prints it. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65535)
  readonly PORT: number = 3000;

  /** Folder of everything the server keeps: received files and, without DATABASE_URL, the embedded Postgres. */
  @IsString()
  @MinLength(1)
  readonly WETREAD_DATA: string = './data';

  /** An outside Postgres, version 15 or later; otherwise the embedded one is started inside WETREAD_DATA. */
  @IsOptional()
  @IsString()
  readonly DATABASE_URL?: string;

  /** Folder of models, NAME/card.json and NAME/VERSION/model.onnx each; the bundled one unless set. */
  @IsOptional()
  @IsString()
  readonly MODELS?: string;

  /** Address that clients reach the server by, where it stands behind a proxy; RetrieveURLs and Endpoints start with it. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  readonly PUBLIC_URL?: string;

  /**
   * Origins whose pages may use this server from a browser, such as `http://localhost:8042` of a viewer; `*` lets every page read.
   * None unless set: without authentication any page that a user of this machine opens could else read the whole archive.
   */
  @Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((origin) => origin.trim().replace(/\/$/, '')) : value))
  @IsArray()
  @Matches(/^(\*|https?:\/\/[^/\s,]+)$/, { each: true, message: 'each must be an origin such as https://viewer.example, or *' })
  readonly CORS_ORIGINS: readonly string[] = [];

  /**
   * `host` or `host:port` of endpoints within the operator's own networks that Subscriptions may name, which may be without TLS. All
   * others must be https, of a public address.
   */
  @Transform(hostsIn)
  @IsArray()
  @Matches(...A_HOST)
  readonly SUBSCRIPTION_HOSTS: readonly string[] = [];

  /** The same of where clients publish their keys (`jwksUri`): all others must be https, of a public address. */
  @Transform(hostsIn)
  @IsArray()
  @Matches(...A_HOST)
  readonly CLIENT_KEYS_HOSTS: readonly string[] = [];

  /**
   * Receiver of audit messages, `tls://host:port` (IHE ATNA: syslog over TLS, RFC 5425; port 6514 unless named): every record of the
   * ledger is sent there, from the first one on. None unless set.
   */
  @IsOptional()
  @Matches(/^tls:\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?$/, { message: 'must be tls://host:port' })
  readonly AUDIT_SYSLOG?: string;

  /**
   * When a look is on record: `durable` once its record is on stable storage, so that none is ever lost; `fast` once it is committed,
   * which saves each read the sync, and a crash of Postgres or of the machine may take the looks of the last half second, never a change.
   */
  @IsIn(['durable', 'fast'])
  readonly ACCESS_RECORDS: 'durable' | 'fast' = 'durable';

  /** What audit messages are: `dicom` (XML of DICOM PS3.15 A.5, as ATNA's repositories take it) or `fhir` (AuditEvents, JSON). */
  @IsIn(['dicom', 'fhir'])
  readonly AUDIT_SYSLOG_FORM: 'dicom' | 'fhir' = 'dicom';

  /** PEM file of whom to trust as the receiver of audit messages; whom the system trusts unless set. */
  @IsOptional()
  @IsString()
  readonly AUDIT_SYSLOG_CA_FILE?: string;

  /** PEM file of the certificate by which this server proves to the receiver who it is; with AUDIT_SYSLOG_KEY_FILE. */
  @IsOptional()
  @IsString()
  readonly AUDIT_SYSLOG_CERT_FILE?: string;

  /** PEM file of that certificate's private key. */
  @IsOptional()
  @IsString()
  readonly AUDIT_SYSLOG_KEY_FILE?: string;

  /** 1 lets apps that people log in to register themselves (RFC 7591); otherwise an administrator registers them. */
  @IsIn(['0', '1'])
  readonly OAUTH_REGISTRATION: '0' | '1' = '0';

  /** Requests that the built-in issuer takes a minute from one network address; 0: as many as come. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  readonly OAUTH_REQUESTS_A_MINUTE: number = 600;

  /** 0 to keep both graphs from describing themselves; their schemas are published with the source and the standard all the same. */
  @IsIn(['0', '1'])
  readonly GRAPHQL_INTROSPECTION: '0' | '1' = '1';

  /** Manifest (JSON) of the documents that /graphql runs; no others then, whoever asks. Any within the limits unless set. */
  @IsOptional()
  @IsString()
  readonly GRAPHQL_PERSISTED_ONLY?: string;

  /** 1 to serve GraphiQL, a page to try the graph with, at /graphql to browsers: for development. */
  @IsIn(['0', '1'])
  readonly GRAPHIQL: '0' | '1' = '0';

  /** PEM file of the certificate chain; with TLS_KEY_FILE the server speaks TLS: HTTP/2, and HTTP/1.1 to who knows no better. */
  @IsOptional()
  @IsString()
  readonly TLS_CERT_FILE?: string;

  /** PEM file of the certificate's private key. */
  @IsOptional()
  @IsString()
  readonly TLS_KEY_FILE?: string;

  /** 1 says that a proxy before this server speaks TLS with its clients, at PUBLIC_URL: then it may listen beyond loopback without TLS of its own. */
  @IsIn(['0', '1'])
  readonly TLS_PROXY: '0' | '1' = '0';

  /** 1 to take HTTP/2 without TLS beside HTTP/1.1, from a proxy on this machine that knows beforehand (RFC 9113 3.3). */
  @IsIn(['0', '1'])
  readonly H2C: '0' | '1' = '0';

  /**
   * Seconds without a new instance before a study is read. DICOM has no "end of study": with 0 a study is read when the
   * request that brought it ends, and read again when more of it arrives (the report gets a new version). Raise it where
   * senders spread a study over many requests and readers should not see intermediate versions.
   */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(3600)
  readonly QUIET_PERIOD_SECONDS: number = 0;

  /** Execution providers in the order they are tried; each is taken only if its outputs agree with the CPU's. */
  @Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value))
  @IsArray()
  @IsIn(PROVIDERS, { each: true })
  readonly EXECUTION_PROVIDERS: readonly ExecutionProvider[] = PROVIDERS;

  /** Child processes that run models. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(64)
  readonly INFERENCE_WORKERS: number = 1;

  /** Seconds after which a run is killed, then retried. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(3600)
  readonly INFERENCE_TIMEOUT_SECONDS: number = 60;

  /** Threads that decode and render pixels. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(64)
  readonly PIXEL_THREADS: number = Math.max(1, Math.min(4, availableParallelism() - 1));

  /** Memory in MiB for rendered images, so that those asked for again need not be made again. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_536)
  readonly RENDERED_CACHE_MIB: number = 64;

  /** Largest STOW request in MiB; beyond it 413. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_048_576)
  readonly STORE_REQUEST_LIMIT_MIB: number = 65_536;

  /** Free space in MiB on WETREAD_DATA below which storing is refused (507), so that Postgres never meets a full disk. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_073_741_824)
  readonly FREE_SPACE_FLOOR_MIB: number = 512;

  /** Days after which what was deleted is purged: until then it can be restored. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(36_500)
  readonly PURGE_AFTER_DAYS: number = 30;

  /** How fast stored files are read again in the background against their SHA-256; 0 turns it off. 1 is 86 GB a day. */
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(10_000)
  readonly SCRUB_MIB_PER_SECOND: number = 1;

  /**
   * How long studies are kept, by modality, in days: `CR:3650d,*:7300d`. A study goes as a whole when the longest of its
   * modalities' rules has passed since its Study Date; a modality without a rule stays. Nothing goes by itself:
   * `npm run archive:retention` lists, and deletes what it listed when it is told to.
   */
  @Matches(/^$|^(\*|[A-Z0-9_ ]{1,16}):\d{1,6}d(,(\*|[A-Z0-9_ ]{1,16}):\d{1,6}d)*$/)
  readonly RETENTION_RULES: string = '';

  /** Where received files lie in the end: `disk` (WETREAD_DATA) or `s3`, a store that speaks S3. Both write once, by SHA-256. */
  @IsIn(STORES)
  readonly ARCHIVE_STORAGE: (typeof STORES)[number] = 'disk';

  /** Address of an S3-compatible store other than Amazon's. Credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and their kind. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  readonly S3_ENDPOINT?: string;

  /** Region of the bucket. */
  @IsString()
  @Matches(/^[a-z0-9-]{1,64}$/)
  readonly S3_REGION: string = 'us-east-1';

  /** Bucket of the archive; it must be there. Needed with ARCHIVE_STORAGE=s3. */
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
  readonly S3_BUCKET?: string;

  /** What the keys of the archive start with, for a bucket shared with others. */
  @Matches(/^[\w!.*'()/-]{0,200}$/)
  readonly S3_PREFIX: string = '';
}

/** The environment held no valid settings: says which variable and why. */
export class InvalidSettings extends Error {}

/** Reads the settings from environment variables; an empty variable counts as unset. Throws InvalidSettings. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(
    Object.keys(new Settings())
      .concat(
        'DATABASE_URL',
        'GRAPHQL_PERSISTED_ONLY',
        'MODELS',
        'OIDC_INTROSPECTION_CLIENT',
        'OIDC_ISSUER',
        'OIDC_TENANT_CLAIM',
        'PUBLIC_URL',
        'S3_ENDPOINT',
        'S3_BUCKET',
        'TLS_CERT_FILE',
        'TLS_KEY_FILE',
      )
      .concat('AUDIT_SYSLOG', 'AUDIT_SYSLOG_CA_FILE', 'AUDIT_SYSLOG_CERT_FILE', 'AUDIT_SYSLOG_KEY_FILE')
      .filter((name) => (environment[name] ?? '') !== '')
      .map((name) => [name, environment[name]]),
  );
  const settings = plainToInstance(Settings, given, { exposeDefaultValues: true });
  const wrong = validateSync(settings, { forbidUnknownValues: true });
  if (wrong.length > 0)
    throw new InvalidSettings(wrong.map((error) => `${error.property}: ${Object.values(error.constraints ?? {}).join(', ')}`).join('; '));
  if ((settings.TLS_CERT_FILE === undefined) !== (settings.TLS_KEY_FILE === undefined))
    throw new InvalidSettings('TLS_CERT_FILE, TLS_KEY_FILE: one is of no use without the other');
  if ((settings.AUDIT_SYSLOG_CERT_FILE === undefined) !== (settings.AUDIT_SYSLOG_KEY_FILE === undefined))
    throw new InvalidSettings('AUDIT_SYSLOG_CERT_FILE, AUDIT_SYSLOG_KEY_FILE: one is of no use without the other');
  return settings;
}
