/** Chat rules as they are stored; no row: the defaults. */
import { type ChatRules, DEFAULT_CHAT_RULES, SPEAKERS } from '../../contract/chat-rules';
import type { ChatRulesRow } from '../../data/hosts/chat-rules';

export function chatRulesOf(row: ChatRulesRow | undefined): ChatRules {
  if (!row) return DEFAULT_CHAT_RULES;
  return {
    speak: SPEAKERS.find((one) => one === row.speak) ?? 'all',
    slowSeconds: row.slow_seconds,
    unique: row.no_repeats === 1,
    links: row.links === 1,
    minSecondsInRoom: row.min_seconds,
  };
}
