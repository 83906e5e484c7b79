/** Every text of the console, in English and Chinese, and the language that is chosen. */

const TEXTS = {
  host: ['Host', '主播'],
  viewer: ['Viewer', '观众'],
  hostHint: ['goes live', '开播'],
  viewerHint: ['watches', '观看'],
  username: ['User name', '用户名'],
  password: ['Password', '密码'],
  signUp: ['Sign up & in', '注册并登录'],
  signIn: ['Sign in', '登录'],
  signOut: ['Sign out', '退出登录'],
  deleteAccount: ['Delete account', '删除账号'],
  deleteSure: ['Delete this account and its rooms?', '确定删除该账号和它的房间？'],
  token: ['Token', 'Token'],
  tokenUntil: ['good until', '有效期至'],
  reveal: ['Show', '显示'],
  hide: ['Hide', '隐藏'],
  copy: ['Copy', '复制'],
  copied: ['Copied', '已复制'],
  left: ['left', '剩余'],
  expired: ['expired', '已过期'],
  issued: ['issued', '签发于'],
  title: ['Title', '标题'],
  category: ['Category', '分类'],
  cover: ['Cover (URL)', '封面 (URL)'],
  goLive: ['Go live', '开播'],
  live: ['LIVE', '直播中'],
  update: ['Update room', '更新房间'],
  end: ['End room', '结束直播'],
  watch: ['Watch', '进入观看'],
  leave: ['Leave', '退出房间'],
  watching: ['Watching', '正在观看'],
  signInFirst: ['Sign in the viewer first', '请先登录观众'],
  rooms: ['Live rooms', '直播间'],
  newest: ['Newest', '最新'],
  mostJoined: ['Most visitors', '人数最多'],
  noRooms: ['No room is live. Sign in the host and go live.', '当前没有直播间。请登录主播并开播。'],
  needSignIn: ['Sign in to see the rooms.', '登录后可以看到直播间。'],
  here: ['in the room now', '当前人数'],
  joined: ['joined so far', '累计人数'],
  since: ['live for', '已开播'],
  people: ['In the room', '房间成员'],
  calls: ['Calls', '请求记录'],
  background: ['background calls', '个后台请求'],
  clear: ['Clear', '清空'],
  noCalls: ['Every request and its answer appear here.', '每个请求和应答都会显示在这里。'],
  request: ['Request', '请求'],
  answer: ['Answer', '应答'],
  noAnswer: ['no answer', '没有应答'],
  copyCurl: ['Copy as curl', '复制为 curl'],
  curlHint: [
    'Secrets are hidden on the screen only: the copied command holds your own token.',
    '密钥只在屏幕上隐藏：复制的命令包含你自己的 token。',
  ],
  status: ['Service', '服务状态'],
  configuration: ['Configuration', '配置'],
  database: ['Database', '数据库'],
  im: ['IM', 'IM'],
  versions: ['Versions', '版本'],
  ok: ['good', '正常'],
  failed: ['failed', '异常'],
  off: ['off', '未启用'],
  unknown: ['unknown', '未知'],
  demo: ['demo mode', '演示模式'],
  tenants: ['tenants', '个租户'],
  unreachable: ['The service cannot be reached', '无法连接服务'],
  done: ['Done', '完成'],
  refused: ['The service refused the token; please sign in again.', 'Token 已失效，请重新登录。'],
  docs: ['Docs', '文档'],
  auto: ['refreshes by itself', '自动刷新'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export type TextName = keyof typeof TEXTS;

export function isChinese(): boolean {
  return document.documentElement.lang === 'zh';
}

export function t(name: TextName): string {
  return TEXTS[name][isChinese() ? 1 : 0];
}

/** `1 d 3 h`, `2 h 5 min`, `4 min 10 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [day, hour, minute, second] = isChinese() ? ['天', '小时', '分', '秒'] : ['d', 'h', 'min', 's'];
  const parts: [number, string | undefined][] = [
    [Math.floor(seconds / 86_400), day],
    [Math.floor(seconds / 3_600) % 24, hour],
    [Math.floor(seconds / 60) % 60, minute],
    [seconds % 60, second],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? parts.slice(3) : parts.slice(first, first + 2);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** A time of the API (`YYYY-MM-DD HH:mm:ss`, UTC) in milliseconds since 1970. */
export function utc(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

export function clockTime(time: Date | number): string {
  return new Date(time).toLocaleString(isChinese() ? 'zh-CN' : 'en-GB', { hour12: false });
}
