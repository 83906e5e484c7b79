/** Builds the dependencies of review. */
import type { Log } from './base/log';
import type { Config } from './config/config';
import type { DatabaseSource } from './data/engine/open';
import { createChatLog } from './rules/review/chat-log';
import { createReviewCache } from './rules/review/review-cache';
import { createRecents, type ReviewServices } from './rules/review/services';
import { guard } from './rules/review/vendor';
import { createPictureReviewer } from './vendors/tencent/ims';
import { createTextReviewer } from './vendors/tencent/tms';

/** Pictures per second and tenant that one process asks about; the vendor takes 100 per second for the whole account. */
const PICTURES_PER_SECOND = 20;

/** Nothing is loaded or connected before the first text. */
export function createReviewServices(
  { review, cloudKey: credentials }: Config,
  { database, clock, log }: { database: DatabaseSource; clock: () => number; log: Log },
): ReviewServices {
  const place = { region: review.tmsRegion, credentials };
  const texts = createTextReviewer({ access: { endpoint: review.tmsEndpoint, ...place }, policy: review.tmsBizType });
  const access = { endpoint: review.imsEndpoint, ...place };
  const pictures = createPictureReviewer({ access, policy: review.imsBizType });
  return {
    cache: createReviewCache({ database, clock, defaults: review }),
    recent: createRecents(),
    chatLog: createChatLog({ database, log }),
    reviewer: review.tmsEndpoint === null ? null : guard(texts, { perSecond: review.reviewPerSecond, log }),
    pictures: review.imsEndpoint === null ? null : guard(pictures, { perSecond: PICTURES_PER_SECOND, log }),
  };
}
