/**
 * The details of refusals in Chinese. The service words them in English for programs and logs; operators read these. A
 * detail that is not known here stays as it is.
 */

const CODE = /^\w+\((\d+)\): ?/;

const TEXTS: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/^(\S+) is missing$|^missing (\S+)/, '缺少参数：$1$2'],
  [/must be an http or https URL/, '地址必须以 http:// 或 https:// 开头'],
  [/WEBHOOK_ALLOW_PRIVATE/, '不允许内网地址。如需允许，请设置 WEBHOOK_ALLOW_PRIVATE=true 并重启服务'],
  [/^url/, '地址不能使用：无法解析，或指向内网'],
  [/must be a UTC time/, '时间格式不正确'],
  [/must be a whole number from (\d+) to (\d+)/, '必须是 $1 到 $2 之间的整数'],
  [/^it is (\w+) already|somebody was faster|closed already/, '已被处理'],
  [/has expired/, '已过期'],
  [/there is no such text/, '内容不存在，可能已过期'],
  [/room or the author is gone/, '直播间已结束，或发送者已注销'],
  [/author is muted, kicked or banned/, '发送者已被禁言、踢出或封禁'],
  [/AfterSendMsg/, 'IM 未告知该消息的序号：请在 IM 控制台勾选 Group.CallbackAfterSendMsg（发言后回调）'],
  [/last hour only/, 'IM 只能撤回一小时以内的消息'],
  [/taken back already/, '该消息没有发出，或已被撤回'],
  [/longer than (\d+) characters/, '超过 $1 个字符'],
  [/no letter, digit or character/, '不含文字或数字'],
  [/half of a character/, '含有无效字符'],
  [/at most (\d+) words/, '词库最多 $1 个词'],
  [/lifted already|was lifted/, '该处罚已被解除'],
  [/resolved already|was resolved/, '该举报已被处理'],
  [/(already|taken)/, '已存在同名或相同的内容'],
  [/needs the scope manage/, '需要“全部”权限'],
  [/needs the scope moderate/, '需要“处置”权限'],
  [/tenant/, '该密钥不能管理此租户，或租户不存在'],
  [/key/, '密钥无效或已失效'],
  [/range|step/, '时间范围与粒度不匹配，请缩短范围'],
  [/webhooks? (at most|limit)|20 webhooks/, '事件推送数量已达上限'],
  [/not live|has ended|no such room|RoomNotExists/, '直播间不存在或已结束'],
  [/no such user|UserNotExists/, '用户不存在'],
  [/database/, '数据库不可用'],
];

export function detailText(detail: string): string {
  const code = CODE.exec(detail)?.[1];
  const said = detail.replace(CODE, '');
  for (const [pattern, text] of TEXTS) {
    const found = pattern.exec(said) ?? pattern.exec(detail);
    if (!found) continue;
    const filled = text.replace(/\$(\d)/g, (_mark, number: string) => found[Number(number)] ?? '');
    return code ? `${filled}（错误码 ${code}）` : filled;
  }
  return detail;
}
