/**
 * What becomes of a message by roles, sanctions and the rules of the room: a decision without any effect, in the order of
 * the contract. Words come after it, and then the vendor.
 */
import type { ChatRules } from '../../contract/chat-rules';
import { withoutInvisible } from './characters';

export const CODES = {
  passed: 0,
  silent: 2,
  word: 10100,
  slow: 10101,
  limited: 10102,
  held: 10103,
  sanctioned: 10104,
  repeated: 10105,
  link: 10106,
  unavailable: 10110,
} as const;

export interface SenderState {
  /** Muted or kicked in this room, muted everywhere, or banned. */
  sanctioned: boolean;
  /** The owner or an admin: the room's rules do not bind them. */
  runsRoom: boolean;
  /** ms since 1970; undefined: not known to be in the room. */
  joinedAt: number | undefined;
  /** The message of this person that went out last in this room. */
  last: { at: number; text: string } | undefined;
}

export interface Refused {
  code: number;
  /** Seconds left in slow mode. */
  seconds?: number;
}

/**
 * http, www, or a name with a well-known ending; full-width dots are dots after NFKC. Spaces around the dot hide an ending that
 * is no word or abbreviation of its own ("x . com"). Of a name only its last two parts are read, and at most a few spaces: a
 * pattern that reads all of them begins again at each dot, and a message of 12 KB of `a.a.a.` then takes seconds.
 */
const LINK =
  /(?:https?\s{0,3}:\s{0,3}\/\/|www\s{0,3}\.)\s{0,3}\S|(?:^|[^\p{L}\p{N}@])[a-z0-9]+(?:\.(?:com|cn|net|org|top|xyz|vip|cc|io|me|tv|info|shop|site|online|club|app|link|live|co|ru|hk|tw|uk|us)|\s{0,3}\.\s{0,3}(?:com|cn|org|xyz))(?![a-z0-9-])/iu;

export function hasLink(text: string): boolean {
  return LINK.test(withoutInvisible(text).normalize('NFKC').replaceAll('。', '.'));
}

/** A message without a text that people read passes everything but 10104. `text`: in its normal form. */
export function decideByRules(
  sender: SenderState,
  message: { text: string; normal: string; now: number },
  rules: ChatRules,
): Refused | undefined {
  if (sender.sanctioned) return { code: CODES.sanctioned };
  if (message.text === '' || sender.runsRoom) return undefined;
  const { now } = message;
  const sinceJoined = sender.joinedAt === undefined ? 0 : now - sender.joinedAt;
  if (rules.speak !== 'all' || sinceJoined < rules.minSecondsInRoom * 1000) return { code: CODES.limited };
  const { last } = sender;
  const wait = last ? last.at + rules.slowSeconds * 1000 - now : 0;
  if (rules.slowSeconds > 0 && wait > 0) return { code: CODES.slow, seconds: Math.ceil(wait / 1000) };
  if (rules.unique && last && message.normal !== '' && last.text === message.normal) return { code: CODES.repeated };
  if (!rules.links && hasLink(message.text)) return { code: CODES.link };
  return undefined;
}
