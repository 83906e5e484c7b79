/** Reasons of reports in words: apps send short English keys. Any other text is shown as it is. */
import { say, type Text } from '../shared/language';

const WORDS: Readonly<Record<string, Text>> = {
  fraud: ['Fraud', '诈骗'],
  scam: ['Fraud', '诈骗'],
  spam: ['Spam', '垃圾信息'],
  ads: ['Advertising', '广告引流'],
  advertising: ['Advertising', '广告引流'],
  porn: ['Sexual content', '色情低俗'],
  sexual: ['Sexual content', '色情低俗'],
  violence: ['Violence', '血腥暴力'],
  abuse: ['Abuse', '辱骂攻击'],
  harassment: ['Harassment', '骚扰'],
  illegal: ['Illegal content', '违法违规'],
  gambling: ['Gambling', '赌博'],
  minor: ['Harm to minors', '侵害未成年人'],
  copyright: ['Copyright', '侵权'],
  other: ['Other', '其他'],
};

export function reasonText(reason: string): string {
  const words = WORDS[reason.toLowerCase()];
  return words ? say(words) : reason;
}
