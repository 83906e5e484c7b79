/** Builds the dependencies of review. */
import type { Log } from './base/log';
import type { Config } from './config/config';
import type { DatabaseSource } from './data/engine/open';
import { createChatLog } from './rules/review/chat-log';
import { createReviewMemory } from './rules/review/memory';
import { RecentMessages } from './rules/review/recent';
import type { ReviewServices } from './rules/review/services';
import { guard } from './rules/review/vendor';
import { createTextReviewer } from './vendors/tencent/tms';

/** Nothing is loaded or connected before the first text. */
export function createReviewServices(
  { review, cloudKey: credentials }: Config,
  { database, clock, log }: { database: DatabaseSource; clock: () => number; log: Log },
): ReviewServices {
  const access = { endpoint: review.tmsEndpoint, region: review.tmsRegion, credentials };
  const reviewer = createTextReviewer({ access, policy: review.tmsBizType });
  return {
    memory: createReviewMemory({ database, clock, vendor: review.reviewVendor }),
    recent: new RecentMessages(),
    chatLog: createChatLog({ database, log }),
    reviewer: review.tmsEndpoint === null ? null : guard(reviewer, { perSecond: review.reviewPerSecond, log }),
  };
}
