import { HeadBucketCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Fault } from '../../faults.js';
import { ObjectMissing, StorageAway, StoreUnusable } from '../faults.js';

/** Where the objects lie in an S3-compatible store. Credentials come from the SDK's own chain, AWS_ACCESS_KEY_ID and its kind first. */
export interface S3Place {
  /** Another server than Amazon's; bucket names then stand in the path. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** What every key starts with; empty, or with a slash at its end. */
  readonly prefix: string;
}

/**
 * Failures of the network and of the server are tried again with growing pauses. Checksums are our own (Content-MD5 of each
 * piece sent): the SDK's default sends trailers that servers other than Amazon's refuse.
 */
export const s3Client = ({ endpoint, region }: S3Place): S3Client =>
  new S3Client({
    endpoint,
    region,
    forcePathStyle: endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000, throwOnRequestTimeout: true, socketTimeout: 60_000 },
  });

/** Throws StoreUnusable, in a sentence, where the bucket cannot be used as it is set up. */
export async function checkBucket(client: S3Client, { bucket, endpoint }: S3Place): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    const at = endpoint ?? 'Amazon S3';
    const status = statusOf(error);
    if (status === 404) throw new StoreUnusable(`S3_BUCKET: there is no bucket ${bucket} at ${at}. Make it, or name another.`);
    if (status === 403)
      throw new StoreUnusable(`The credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY may not use the bucket ${bucket} at ${at}.`);
    if (status === 301) throw new StoreUnusable(`S3_REGION: the bucket ${bucket} lies in another region.`);
    if (error instanceof Error && error.name === 'CredentialsProviderError')
      throw new StoreUnusable('There are no credentials for the S3 store. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
    throw new StoreUnusable(`S3_ENDPOINT: the S3 store at ${at} does not answer${status === undefined ? '' : ` (status ${status})`}.`);
  }
}

/** What a failed request to the store means for whoever asked: an absent object, or a store that is away. */
export const s3Fault = (error: unknown): Fault =>
  error instanceof Fault ? error : statusOf(error) === 404 ? new ObjectMissing() : new StorageAway();

/** HTTP status of a refusal; undefined where no answer came. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
