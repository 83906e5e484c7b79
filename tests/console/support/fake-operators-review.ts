/** Calls of the fake of the operators' API about texts: as many kinds of rows as there are. */
import type {
  Appeal,
  ChatMessage,
  ChatRules,
  Held,
  ReviewSettings,
  RoomAdmin,
  Word,
} from '../../../web/operators/types';
import type { Calls } from './fake-operators-call';
import { utcText } from './fake-operators-world';

const LONG = 'a text without spaces: '.padEnd(300, 'x');
const ago = (minutes: number) => utcText(Date.now() - minutes * 60_000);

function held(index: number, more: Partial<Held>): Held {
  return {
    heldId: String(index),
    roomId: '100000000',
    roomTitle: 'A room with a long title that is cut somewhere',
    broadcastNo: 3,
    userId: String(index),
    name: `host-${index - 1}`,
    text: 'write to me at 加 微 信 now',
    source: 'word',
    picture: '',
    label: '',
    hits: ['加微信'],
    createUtc: ago(1),
    expiresUtc: ago(-9),
    state: 'open',
    decidedBy: '',
    ...more,
  };
}

const HELD: readonly Held[] = [
  held(1, {}),
  held(2, { name: 'ليلى', text: 'بث مباشر من القاهرة', source: 'vendor', label: 'Ad', hits: [] }),
  held(3, { text: LONG, hits: ['xxxx'] }),
  held(4, { state: 'refused', decidedBy: 'alice' }),
  held(5, { picture: 'avatar', text: 'https://pictures.example.com/a.png', source: 'vendor', label: 'Porn', hits: [] }),
];

const ACTIONS = ['refuse', 'hold', 'mask', 'silent', 'allow'] as const;
const WORDS: readonly Word[] = ACTIONS.map((action, index) => ({
  wordId: String(index + 1),
  text: index === 0 ? 'w'.repeat(64) : `word-${index}`,
  action,
  tag: index === 1 ? 'a tag of 32 characters, the longest' : '',
  by: 'alice',
  createUtc: ago(index),
}));

const OUTCOMES = ['passed', 'masked', 'refused', 'silent', 'held', 'recalled'] as const;
const MESSAGES: readonly ChatMessage[] = OUTCOMES.map((outcome, index) => ({
  messageId: String(index + 1),
  roomId: '100000000',
  broadcastNo: 3,
  userId: '1',
  name: index === 1 ? 'ليلى' : 'host-0',
  text: index === 2 ? LONG : 'two\nlines',
  atUtc: ago(index),
  address: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
  platform: 'Android',
  outcome,
  code: outcome === 'refused' ? 10_101 : 0,
}));

const APPEAL: Appeal = {
  appealId: '1',
  sanctionId: '1',
  userId: '2',
  name: 'ليلى',
  text: LONG,
  createUtc: ago(3),
  state: 'open',
  verdict: '',
  reason: '',
  resolvedBy: '',
};

const CHAT_RULES: ChatRules = { speak: 'admins', slowSeconds: 10, unique: true, links: false, minSecondsInRoom: 60 };
const ADMINS: readonly RoomAdmin[] = [{ userId: '2', name: 'ليلى', avatar: '', createUtc: ago(90) }];

const SETTINGS: ReviewSettings = {
  enabled: true,
  onFault: 'pass',
  vendor: 'tms',
  vendorScope: 'suspects',
  vendorReview: 'hold',
  vendorPictures: true,
  customKeys: ['text'],
  chatLogDays: 60,
  language: 'zh',
  lastCallbackUtc: '',
};

export function reviewCalls(): Calls {
  return {
    held: {
      scope: 'read',
      fields: ['state', 'roomId', 'userId'],
      list: true,
      run: ({ state = 'open' }) => HELD.filter((one) => one.state === state),
    },
    words: { scope: 'read', fields: ['search', 'tag', 'action'], list: true, run: () => WORDS },
    review_settings: { scope: 'read', fields: [], run: () => SETTINGS },
    messages: {
      scope: 'read',
      fields: ['roomId', 'userId', 'fromUtc', 'toUtc', 'format'],
      list: true,
      run: () => MESSAGES,
    },
    chat_rules: { scope: 'read', fields: ['roomId'], run: () => CHAT_RULES },
    room_admins: { scope: 'read', fields: ['roomId'], run: () => ADMINS },
    appeals: { scope: 'read', fields: ['state', 'userId'], list: true, run: () => [APPEAL] },
  };
}
