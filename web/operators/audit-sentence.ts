/** One entry of the audit as a sentence. No document needed. */
import type { AuditEntry } from './types';

type Words = Readonly<Record<string, readonly [en: string, zh: string]>>;

/** {who} is the operator, {user} and {room} are affected, {for} is the duration, {what} a name from the change. */
const SENTENCES: Words = {
  end_room: ['{who} ended the broadcast {room}', '{who} 强制下播 {room}'],
  warn_room: ['{who} sent a warning to {room}', '{who} 向 {room} 发送警告'],
  watch_room: ['{who} watched {room}', '{who} 观看了 {room}'],
  kick_user: ['{who} kicked {user} from {room}{for}', '{who} 将 {user} 踢出 {room}{for}'],
  mute_user: ['{who} muted {user}{for}', '{who} 禁言 {user}{for}'],
  ban_user: ['{who} banned {user}{for}', '{who} 封禁 {user}{for}'],
  lift_sanction: ['{who} lifted a sanction on {user}', '{who} 解除了 {user} 的处罚'],
  sign_out_user: ['{who} signed {user} out', '{who} 将 {user} 强制下线'],
  resolve_report: ['{who} resolved a report{what}', '{who} 处理了举报{what}'],
  resolve_appeal: ['{who} resolved an appeal of {user}{what}', '{who} 处理了 {user} 的申诉{what}'],
  decide_held: ['{who} decided about held texts{what}', '{who} 处理了待审核内容{what}'],
  remove_picture: ['{who} removed a picture of {user}', '{who} 移除了 {user} 的图片'],
  recall_message: ['{who} recalled a message of {user} in {room}', '{who} 撤回了 {user} 在 {room} 的消息'],
  messages: ['{who} read the chat of {room}', '{who} 查询了 {room} 的聊天记录'],
  'messages of a user': ['{who} read the messages of {user}', '{who} 查询了 {user} 的聊天记录'],
  add_words: ['{who} added words', '{who} 添加了词'],
  remove_words: ['{who} removed words', '{who} 删除了词'],
  change_review_settings: ['{who} changed the review settings', '{who} 修改了审核设置'],
  change_chat_rules: ['{who} changed the chat rules of {room}', '{who} 修改了 {room} 的发言规则'],
  update_chat: ['{who} changed the chat rules of {room}', '{who} 修改了 {room} 的发言规则'],
  add_admin: ['{who} made {user} an admin of {room}', '{who} 将 {user} 设为 {room} 的房管'],
  remove_admin: ['{who} removed {user} as an admin of {room}', '{who} 取消了 {user} 在 {room} 的房管'],
  unmute_user: ['{who} unmuted {user} in {room}', '{who} 解除了 {user} 在 {room} 的禁言'],
  unblock_user: ['{who} unblocked {user} in {room}', '{who} 允许 {user} 再次进入 {room}'],
  add_note: ['{who} added a note on {user}', '{who} 为 {user} 添加了备注'],
  remove_note: ['{who} deleted a note on {user}', '{who} 删除了 {user} 的备注'],
  set_reasons: ['{who} changed the reasons that are often used', '{who} 修改了常用原因'],
  add_operator: ['{who} added the operator {what}', '{who} 添加了运营账号 {what}'],
  rotate_operator: ['{who} replaced the key of {what}', '{who} 更换了 {what} 的密钥'],
  remove_operator: ['{who} removed the operator {what}', '{who} 删除了运营账号 {what}'],
  add_webhook: ['{who} added the webhook {what}', '{who} 添加了事件推送 {what}'],
  change_webhook: ['{who} changed the webhook {what}', '{who} 修改了事件推送 {what}'],
  remove_webhook: ['{who} removed the webhook {what}', '{who} 删除了事件推送 {what}'],
  replay_delivery: ['{who} sent an event again', '{who} 重新推送了事件'],
  test_webhook: ['{who} sent a test event to a webhook', '{who} 发送了测试事件'],
};

/** Names of the actions, for the filter. */
export const ACTION_NAMES: Words = {
  ban_user: ['Ban', '封禁'],
  mute_user: ['Mute', '禁言'],
  kick_user: ['Kick', '踢出'],
  lift_sanction: ['Lift a sanction', '解除处罚'],
  end_room: ['End a broadcast', '强制下播'],
  warn_room: ['Send a warning', '发送警告'],
  watch_room: ['Watch a room', '观看直播间'],
  sign_out_user: ['Sign a user out', '强制下线'],
  resolve_report: ['Resolve a report', '处理举报'],
  resolve_appeal: ['Resolve an appeal', '处理申诉'],
  decide_held: ['Decide about held texts', '处理待审核内容'],
  recall_message: ['Recall a message', '撤回消息'],
  remove_picture: ['Remove a picture', '移除图片'],
  messages: ['Read a chat', '查询聊天记录'],
  add_words: ['Add words', '添加词'],
  remove_words: ['Remove words', '删除词'],
  change_review_settings: ['Change review settings', '修改审核设置'],
  change_chat_rules: ['Change chat rules', '修改发言规则'],
  add_note: ['Add a note', '添加备注'],
  remove_note: ['Delete a note', '删除备注'],
  set_reasons: ['Change reasons', '修改常用原因'],
  add_operator: ['Add an operator', '添加运营账号'],
  rotate_operator: ['Replace a key', '更换密钥'],
  remove_operator: ['Remove an operator', '删除运营账号'],
  add_webhook: ['Add a webhook', '添加事件推送'],
  change_webhook: ['Change a webhook', '修改事件推送'],
  remove_webhook: ['Remove a webhook', '删除事件推送'],
  replay_delivery: ['Send an event again', '重新推送'],
  test_webhook: ['Send a test event', '发送测试事件'],
};

const SYSTEM = ['The service', '系统'] as const;
/** Hosts and admins of a room, whose role replaces the operator's name. */
const IN_THE_ROOM: Words = { host: ['The host', '主播'], admin: ['An admin of the room', '房管'] };

function fieldsOf(json: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(json || '{}'));
  } catch {
    return {};
  }
}

const UNITS = [
  [86_400, 'd', '天'],
  [3_600, 'h', '小时'],
  [60, 'min', '分钟'],
  [1, 's', '秒'],
] as const;

function time(seconds: unknown, chinese: boolean): string {
  if (typeof seconds !== 'number') return '';
  if (seconds === 0) return chinese ? '（永久）' : ' permanently';
  const [length, en, zh] = UNITS.find(([one]) => seconds % one === 0 && seconds >= one) ?? UNITS[3];
  return chinese ? `（${seconds / length} ${zh}）` : ` for ${seconds / length} ${en}`;
}

const VERDICTS: Words = {
  upheld: [' as a violation', '：属实'],
  'upheld appeal': [': sanction upheld', '：维持处罚'],
  dismissed: [' as no violation', '：不属实'],
  lifted: [': sanction lifted', '：解除处罚'],
  pass: [': passed', '：通过'],
  refuse: [': refused', '：拒绝'],
};

function whatOf(action: string, fields: Record<string, unknown>, chinese: boolean): string {
  const { name, url, verdict } = fields;
  const of = action === 'resolve_appeal' && verdict === 'upheld' ? 'upheld appeal' : verdict;
  const words = typeof of === 'string' ? VERDICTS[of] : undefined;
  if (words) return words[chinese ? 1 : 0];
  return typeof name === 'string' ? name : typeof url === 'string' ? url : '';
}

/** A part of the sentence: text, or a person or room to link to. */
export type Part = { kind: 'text' | 'who'; text: string } | { kind: 'user' | 'room'; id: string; name: string };

/** The sentence in parts, in the order of the language. An action of a later version stays its name. */
export function sentenceOf(entry: AuditEntry, chinese: boolean): Part[] {
  const { operator, action, userId, userName, roomId, roomTitle } = entry;
  const fields = { ...fieldsOf(entry.before), ...fieldsOf(entry.after) };
  // An operator may be named like a role; what a host does names the user.
  const words = operator === 'system' ? SYSTEM : fields['byUserId'] === undefined ? undefined : IN_THE_ROOM[operator];
  const who = words?.[chinese ? 1 : 0] ?? operator;
  const name = action === 'messages' && roomId === '' ? 'messages of a user' : action;
  const template = SENTENCES[name]?.[chinese ? 1 : 0] ?? `{who}: ${action}`;
  return template
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .flatMap((part): Part[] => {
      if (part === '{who}') return [{ kind: 'who', text: who }];
      if (part === '{user}') return [{ kind: 'user', id: userId, name: userName }];
      if (part === '{room}') return [{ kind: 'room', id: roomId, name: roomTitle }];
      if (part === '{for}') return [{ kind: 'text', text: time(fields['seconds'], chinese) }];
      if (part === '{what}') return [{ kind: 'text', text: whatOf(action, fields, chinese) }];
      return [{ kind: 'text', text: part }];
    });
}
