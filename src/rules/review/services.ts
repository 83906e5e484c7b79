/** What review works with; made once, by compose.ts. */
import type { ChatLog } from './chat-log';
import type { ReviewMemory } from './memory';
import type { RecentMessages } from './recent';
import type { GuardedReviewer, PictureToReview, TextToReview } from './vendor';

export interface ReviewServices {
  memory: ReviewMemory;
  recent: RecentMessages;
  chatLog: ChatLog;
  /** null: the installation has no vendor. */
  reviewer: GuardedReviewer<TextToReview> | null;
  pictures: GuardedReviewer<PictureToReview> | null;
}
