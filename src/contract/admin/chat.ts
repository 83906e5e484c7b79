/** Operators: the chat rules and the admins of a room. */
import { CHAT_RULES, CHAT_RULES_EXAMPLE, CHAT_RULES_FIELDS } from '../chat-rules';
import { required } from '../fields';
import { ROOM_ADMINS, ROOM_ADMINS_EXAMPLE } from '../hosts';
import type { AdminEndpoint } from './endpoint';
import { ROOM_ID } from './fields';

export const adminChat = {
  chatRules: {
    path: 'admin/chat_rules',
    summary: { en: 'Chat rules of a room', zh: '房间发言规则' },
    notes: { en: 'As rooms/chat_rules.', zh: '与 rooms/chat_rules 相同。' },
    scope: 'read',
    changes: false,
    fields: { roomId: required(ROOM_ID) },
    data: CHAT_RULES,
    exampleData: CHAT_RULES_EXAMPLE,
    errors: ['RoomNotExists'],
  },
  changeChatRules: {
    path: 'admin/change_chat_rules',
    summary: { en: 'Change the chat rules of a room', zh: '修改房间发言规则' },
    notes: {
      en: 'Given fields change, as with rooms/update_chat.',
      zh: '只修改传入的字段，与 rooms/update_chat 相同。',
    },
    scope: 'moderate',
    changes: true,
    costs: { rows: { chat_rules: [1, 'keyCalls'] }, events: { 'chat_rules.changed': [1, 'keyCalls'] } },
    fields: { roomId: required(ROOM_ID), ...CHAT_RULES_FIELDS },
    data: CHAT_RULES,
    exampleData: CHAT_RULES_EXAMPLE,
    errors: ['RoomNotExists'],
  },
  roomAdmins: {
    path: 'admin/room_admins',
    summary: { en: 'Admins of a room', zh: '房管列表' },
    notes: { en: 'As rooms/list_admins.', zh: '与 rooms/list_admins 相同。' },
    scope: 'read',
    changes: false,
    fields: { roomId: required(ROOM_ID) },
    data: ROOM_ADMINS,
    exampleData: ROOM_ADMINS_EXAMPLE,
    errors: ['RoomNotExists'],
  },
} as const satisfies Record<string, AdminEndpoint>;
