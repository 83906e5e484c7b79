/** cos/config: a credential for one picture, for apps that upload covers directly. */
import { randomBytes } from 'node:crypto';
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { CloudError } from '../../vendors/tencent/cloud-error';
import type { CallerContext } from '../context';

/** Our own clock may be ahead of COS's (seconds). */
const CLOCK_SLACK = 60;

function toApiError(ctx: CallerContext, error: unknown): unknown {
  if (!(error instanceof CloudError)) return error;
  ctx.services.log('upload_credential_failed', { code: error.code });
  return error.code === 'Timeout' || error.code === 'Unreachable'
    ? new ApiError('ServiceUnavailable', 'uploads cannot be prepared now', { cause: error })
    : new ApiError('ServiceUnknownError', 'uploads cannot be prepared', { cause: error });
}

export async function cosConfig(_input: InputOf<'cosConfig'>, ctx: CallerContext) {
  const { uploads, config } = ctx.services;
  if (!uploads) throw new ApiError('SystemVerifyError', 'uploads are not set up');
  const filename = `${config.uploads.cosPrefix}${ctx.caller.publicId}/${randomBytes(12).toString('hex')}`;
  // The app puts .jpg behind the name that it was given.
  const key = `${filename}.jpg`;
  const { expiredTime, ...credentials } = await ctx.budget
    .outside((leftMs) => uploads.credentialFor(key, leftMs))
    .catch((error: unknown) => Promise.reject(toApiError(ctx, error)));
  return {
    bucket: uploads.bucket,
    region: uploads.region,
    filename,
    preview: `https://${uploads.bucket}.cos.${uploads.region}.myqcloud.com/${key}`,
    credential: { startTime: Math.floor(ctx.now / 1000) - CLOCK_SLACK, expiredTime, credentials },
  };
}
