/**
 * Tencent TMS, TextModeration 2020-12-29 (https://cloud.tencent.com/document/product/1124/51860): up to 10,000 characters in
 * Base64; 1,000 calls a second for an account. Suggestion is Pass, Review or Block; Label is free text.
 */
import { type CloudAccess, CloudError, cloudCall, withinBudget } from './cloud-error';

export interface ReviewedText {
  text: string;
  userId: string;
  roomId: string;
  nickname: string;
  /** The address from IM; only IPv4 is passed on, the vendor accepts no other. '' = unknown. */
  address: string;
  dataId: string;
}

export interface Verdict {
  verdict: 'pass' | 'review' | 'block';
  label: string;
}

const MAX_CHARACTERS = 10_000;
/** AccountType of an id that is none of WeChat, QQ and so on. */
export const OTHER_ACCOUNT = 7;
const VERDICTS = new Map<string | undefined, Verdict['verdict']>([
  ['Pass', 'pass'],
  ['Review', 'review'],
  ['Block', 'block'],
]);

/** The answer of TMS and IMS. Throws if the vendor does not say what it suggests. */
export function verdictOf({ Suggestion, Label = '' }: { Suggestion?: string; Label?: string }): Verdict {
  const verdict = VERDICTS.get(Suggestion);
  if (!verdict) throw new CloudError('NoSuggestion');
  return { verdict, label: Label.slice(0, 64) };
}

const isIpv4 = (address: string) => /^\d{1,3}(\.\d{1,3}){3}$/.test(address);

/** `policy`: BizType, '' = the account's default. Throws CloudError with the vendor's code. */
export function createTextReviewer({ access, policy }: { access: CloudAccess; policy: string }) {
  return {
    async review(of: ReviewedText, budgetMs: number): Promise<Verdict> {
      const { moderateText } = await import('./review-client');
      const content = [...of.text].slice(0, MAX_CHARACTERS).join('');
      const dataId = of.dataId.replace(/[^A-Za-z0-9_@#-]/g, '').slice(0, 64);
      const request = {
        Content: Buffer.from(content, 'utf8').toString('base64'),
        ...(policy !== '' && { BizType: policy }),
        ...(dataId !== '' && { DataId: dataId }),
        User: { UserId: of.userId, AccountType: OTHER_ACCOUNT, Nickname: of.nickname, RoomId: of.roomId },
        ...(isIpv4(of.address) && { Device: { IP: of.address } }),
      };
      return verdictOf(await withinBudget(moderateText(cloudCall(access, budgetMs), request), budgetMs));
    },
  };
}
