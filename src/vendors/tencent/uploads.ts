/**
 * Credentials with which an app uploads one picture directly to COS, issued by STS
 * (https://cloud.tencent.com/document/product/1312/48195): for one object, for a short time, up to a size. The pictures of a
 * deleted user are removed.
 */
import { type CloudAccess, CloudError, cloudCall, withinBudget } from './cloud-error';
import { deleteObjects } from './cos';

export interface UploadParts {
  access: CloudAccess;
  /** Address of the bucket; no slash at the end. */
  bucketUrl: string;
  /** Name with APPID: name-1250000000. */
  bucket: string;
  region: string;
  seconds: number;
  maxBytes: number;
}

export interface UploadCredential {
  /** Seconds since 1970. */
  expiredTime: number;
  sessionToken: string;
  tmpSecretId: string;
  tmpSecretKey: string;
}

export interface Uploads {
  readonly bucket: string;
  readonly region: string;
  /** Throws CloudError. `key` is the name of the object in the bucket. */
  credentialFor(key: string, budgetMs: number): Promise<UploadCredential>;
  /** Deletes all pictures with this prefix. Throws CloudError; earlier pictures stay deleted. */
  deleteAll(prefix: string, budgetMs: number): Promise<void>;
}

/** The permissions of the credential (https://cloud.tencent.com/document/product/436/31923). */
function policyFor(key: string, { bucket, region, maxBytes }: UploadParts): object {
  const appId = bucket.slice(bucket.lastIndexOf('-') + 1);
  return {
    version: '2.0',
    statement: [
      {
        effect: 'allow',
        action: ['name/cos:PostObject', 'name/cos:PutObject'],
        resource: [`qcs::cos:${region}:uid/${appId}:${bucket}/${key}`],
        condition: { numeric_less_than_equal: { 'cos:content-length': maxBytes } },
      },
    ],
  };
}

export function createUploads(parts: UploadParts): Uploads {
  const { access, bucket, bucketUrl, region, seconds } = parts;
  return {
    bucket,
    region,
    async deleteAll(prefix, budgetMs) {
      const credentials = access.credentials();
      if (!credentials) throw new CloudError('NoCredentials');
      await deleteObjects({ url: bucketUrl, credentials }, prefix, budgetMs);
    },
    async credentialFor(key, budgetMs) {
      const { federationToken } = await import('./codes-client');
      const request = {
        Name: 'live-room-upload',
        // The API decodes it once.
        Policy: encodeURIComponent(JSON.stringify(policyFor(key, parts))),
        DurationSeconds: seconds,
      };
      const { Credentials, ExpiredTime } = await withinBudget(
        federationToken(cloudCall(access, budgetMs), request),
        budgetMs,
      );
      const { Token, TmpSecretId, TmpSecretKey } = Credentials ?? {};
      if (!Token || !TmpSecretId || !TmpSecretKey || !ExpiredTime) throw new CloudError('NoCredentialsInAnswer');
      return { expiredTime: ExpiredTime, sessionToken: Token, tmpSecretId: TmpSecretId, tmpSecretKey: TmpSecretKey };
    },
  };
}
