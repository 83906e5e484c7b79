/**
 * Tencent IMS, ImageModeration 2020-12-29 (https://cloud.tencent.com/document/product/1125/53273): the vendor downloads the
 * picture, this service never does. 100 calls a second for an account. Suggestion and Label are those of TMS.
 */
import { type CloudAccess, CloudError, cloudCall, withinBudget } from './cloud-error';
import { OTHER_ACCOUNT, type Verdict, verdictOf } from './tms';

export interface ReviewedPicture {
  url: string;
  userId: string;
}

/** Codes that are about the picture: the vendor is well, and asking again gives the same. */
const UNREADABLE =
  /^(?:InvalidParameter(?:Value)?\.(?:Invalid)?(?:File|Image)|ResourceUnavailable\.(?:ImageDownload|InvalidImage))/;

/** `policy`: BizType, '' = the account's default. Throws CloudError with the vendor's code. */
export function createPictureReviewer({ access, policy }: { access: CloudAccess; policy: string }) {
  return {
    async review({ url, userId }: ReviewedPicture, budgetMs: number): Promise<Verdict> {
      const { moderateImage } = await import('./review-client');
      const request = {
        FileUrl: url,
        ...(policy !== '' && { BizType: policy }),
        User: { UserId: userId, AccountType: String(OTHER_ACCOUNT) },
      };
      try {
        return verdictOf(await withinBudget(moderateImage(cloudCall(access, budgetMs), request), budgetMs));
      } catch (error) {
        // A picture that only the vendor cannot see would be a way around it.
        if (error instanceof CloudError && UNREADABLE.test(error.code))
          return { verdict: 'review', label: 'Unreadable' };
        throw error;
      }
    },
  };
}
