/** What review works with; made once, by compose.ts. */
import type { ChatLog } from './chat-log';
import { Recent } from './recent';
import type { ReviewCache } from './review-cache';
import type { GuardedReviewer, PictureToReview, TextToReview } from './vendor';

/** The recent messages in the memory of this process. */
export function createRecents() {
  return {
    /** Used by slow mode and repeats: the last message of a person in a room. */
    lastMessages: new Recent<LastMessage>(100_000),
    /** When a viewer came into a broadcast (ms since 1970). */
    joins: new Recent<number>(100_000),
    /** The numbers of senders by their names. */
    senders: new Recent<number>(100_000),
    /** Answers by the key of the message. */
    answers: new Recent<object>(20_000),
    /** Addresses of pictures that have passed. */
    passedPictures: new Recent<true>(10_000),
  };
}

export interface LastMessage {
  /** ms since 1970 */
  at: number;
  normal: string;
}

export interface ReviewServices {
  cache: ReviewCache;
  recent: ReturnType<typeof createRecents>;
  chatLog: ChatLog;
  /** null: the installation has no vendor. */
  reviewer: GuardedReviewer<TextToReview> | null;
  pictures: GuardedReviewer<PictureToReview> | null;
}
