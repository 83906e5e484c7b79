/**
 * cos/config: a credential for one picture, for apps that upload covers directly. Each is a call to STS and room for one more
 * picture in the bucket, so an account gets a few a day, and the same one for the same kind of picture while it is fresh.
 */
import { randomBytes } from 'node:crypto';
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { publicId } from '../../data/accounts/public-ids';
import { prepareLimits, takeHit } from '../../data/codes/code-limits';
import { CloudError } from '../../vendors/tencent/cloud-error';
import type { UploadCredential, Uploads } from '../../vendors/tencent/uploads';
import { uploaderKey } from '../codes/keyed-hashes';
import type { CallerContext } from '../context';

/** Our own clock may be ahead of COS's (seconds). */
const CLOCK_SLACK = 60;
const DAY_MS = 86_400_000;
/** A limit on memory. Above it the oldest credential is forgotten; its account gets another one. */
const MOST_ISSUED = 10_000;

interface Issued {
  /** When it was asked for (ms). */
  at: number;
  filename: string;
  credential: Promise<UploadCredential>;
}

/** Keyed by account and kind of picture, oldest first. */
const issued = new WeakMap<Uploads, Map<string, Issued>>();

function issuedBy(uploads: Uploads): Map<string, Issued> {
  const known = issued.get(uploads) ?? new Map<string, Issued>();
  issued.set(uploads, known);
  return known;
}

function toApiError(ctx: CallerContext, error: unknown): unknown {
  if (!(error instanceof CloudError)) return error;
  ctx.services.log('upload_credential_failed', { code: error.code });
  return error.code === 'Timeout' || error.code === 'Unreachable'
    ? new ApiError('ServiceUnavailable', 'uploads cannot be prepared now', { cause: error })
    : new ApiError('ServiceUnknownError', 'uploads cannot be prepared', { cause: error });
}

/** The name that the app is given; it puts .jpg behind it. */
const keyOf = (filename: string) => `${filename}.jpg`;

/** Counts every call to STS: a refused call costs the same. */
async function ask(ctx: CallerContext, uploads: Uploads, filename: string): Promise<UploadCredential> {
  const { caller, db, now, services } = ctx;
  const most = services.config.uploads.uploadsPerDay;
  const id = `u:day:${uploaderKey(services, caller.tenant.id, caller.publicId)}`;
  if (most > 0) {
    await prepareLimits(db, [id], now);
    if (!(await takeHit(db, { id, windowMs: DAY_MS, most }, now))) {
      throw new ApiError('UserQueryLimit', 'too many pictures today');
    }
  }
  try {
    return await ctx.budget.outside((leftMs) => uploads.credentialFor(keyOf(filename), leftMs));
  } catch (error) {
    throw toApiError(ctx, error);
  }
}

/** The account's credential for this kind of picture. Calls at the same moment share one. */
function credentialFor(ctx: CallerContext, uploads: Uploads, category: string): Issued {
  const { caller, now, services } = ctx;
  const { cosPrefix, cosSeconds } = services.config.uploads;
  const known = issuedBy(uploads);
  // A number is given once; a name may come back, and two tenants may have it.
  const folder = publicId(caller.tenant.id, caller.id);
  const name = `${folder} ${category}`;
  const last = known.get(name);
  // Half of its life is enough to upload. A clock that was set back makes none younger.
  if (last && Math.abs(now - last.at) < cosSeconds * 500) return last;
  const filename = `${cosPrefix}${folder}/${randomBytes(12).toString('hex')}`;
  const next = { at: now, filename, credential: ask(ctx, uploads, filename) };
  known.delete(name);
  known.set(name, next);
  const [oldest] = known.keys();
  if (known.size > MOST_ISSUED && oldest !== undefined) known.delete(oldest);
  next.credential.catch(() => known.get(name) === next && known.delete(name));
  return next;
}

export async function cosConfig({ category = '' }: InputOf<'cosConfig'>, ctx: CallerContext) {
  const { uploads } = ctx.services.vendors;
  if (!uploads) throw new ApiError('SystemVerifyError', 'uploads are not set up');
  const { at, filename, credential } = credentialFor(ctx, uploads, category);
  const { expiredTime, ...credentials } = await credential;
  return {
    bucket: uploads.bucket,
    region: uploads.region,
    filename,
    preview: `https://${uploads.bucket}.cos.${uploads.region}.myqcloud.com/${keyOf(filename)}`,
    credential: { startTime: Math.floor(at / 1000) - CLOCK_SLACK, expiredTime, credentials },
  };
}
