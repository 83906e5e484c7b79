/** The people and rooms of the sample data. Invented; half of it Chinese, as the pages have to show both. */

export const NAMES: readonly string[] = [
  '林小满',
  'Maya Chen',
  '阿杰',
  'Oliver Reed',
  '苏晚',
  'Priya Nair',
  '陈一鸣',
  'Lucas Meyer',
  '米粒',
  'Hana Sato',
  '周周',
  'Diego Ruiz',
  '许愿',
  'Amara Obi',
  '老王修车',
  'Nina Kowalska',
  '南方有雨',
  'Tom Baker',
  '橘子汽水',
  'Leila Haddad',
  '木子李',
  'Sven Larsen',
  '小北',
  'Grace Kim',
  '风铃',
  'Ivan Petrov',
  '十七',
  'Chloe Martin',
  '海边的猫',
  'Ravi Patel',
  '豆豆',
  'Emma Wilson',
  '清欢',
  'Marco Rossi',
  '大刘',
  'Zoe Adams',
  '云朵',
  'Ken Mori',
  '阿布',
  'Sara Lind',
];

export interface SampleRoom {
  title: string;
  category: string;
  description: string;
}

export const ROOMS: readonly SampleRoom[] = [
  { title: '早安吉他 · 点歌', category: 'mlvb-show-live', description: '每天早上八点，吉他弹唱。' },
  { title: 'Cooking dinner with Maya', category: 'mlvb-show-live', description: 'Noodles tonight. Ask me anything.' },
  { title: '深夜电台：给陌生人的信', category: 'mlvb-show-live', description: '读信，聊天，慢慢说。' },
  {
    title: 'Speedrun practice, no commentary',
    category: 'mlvb-show-live',
    description: 'Any%, aiming for under 40 minutes.',
  },
  { title: '手工银饰现场打样', category: 'mlvb-show-live', description: '从一块银板到一枚戒指。' },
  { title: 'Sunset from the harbour', category: 'mlvb-show-live', description: 'A camera, a pier, and the sea.' },
  { title: '数学小课堂：极限', category: 'mlvb-show-live', description: '高一同步，讲一道，练三道。' },
  {
    title: 'Fixing a 1978 synthesizer',
    category: 'mlvb-show-live',
    description: 'The filter board is open on the bench.',
  },
  { title: '猫咖日常', category: 'mlvb-show-live', description: '今天有七只猫在岗。' },
  { title: 'Morning run, 10 km along the river', category: 'mlvb-show-live', description: 'Easy pace. Join in.' },
  { title: '书房夜话', category: 'mlvb-show-live', description: '这周读《边城》。' },
  { title: 'Watercolour for beginners', category: 'mlvb-show-live', description: 'Skies first.' },
];

/** Two colours of each cover's gradient. */
export const COVER_COLOURS: readonly (readonly [string, string])[] = [
  ['#f97316', '#db2777'],
  ['#0ea5e9', '#6366f1'],
  ['#1e293b', '#7c3aed'],
  ['#16a34a', '#0d9488'],
  ['#a16207', '#78716c'],
  ['#f59e0b', '#ef4444'],
  ['#2563eb', '#06b6d4'],
  ['#334155', '#0f766e'],
  ['#e879f9', '#f472b6'],
  ['#84cc16', '#22c55e'],
  ['#7f1d1d', '#b45309'],
  ['#38bdf8', '#a78bfa'],
];

export const REASONS: readonly string[] = ['fraud', 'advertising', 'other'];

/** The words of the sample tenant, with their actions. */
export const WORDS: readonly { words: readonly string[]; action: string; tag: string }[] = [
  { words: ['加微信', '加群领', 'whatsapp me'], action: 'hold', tag: 'contacts' },
  { words: ['代开发票', '免费领取', 'loan shark'], action: 'refuse', tag: 'ads' },
  { words: ['笨蛋', 'idiot'], action: 'mask', tag: 'insults' },
  { words: ['刷粉'], action: 'silent', tag: 'ads' },
  { words: ['免费领取清单里的谱子'], action: 'allow', tag: 'ads' },
];

/** What viewers write. Every fifth line or so has one of the words. */
export const CHAT: readonly string[] = [
  '主播晚上好',
  'Hello from Lisbon!',
  '这首太好听了，能再来一遍吗',
  'What camera is this?',
  '想学这个的加微信 vx，价格好说',
  '哈哈哈哈哈哈',
  'the sound is a bit low for me',
  '第一次来，关注了',
  '你这个笨蛋，唱错词了',
  'Could you show the last step again?',
  '代 开 发 票，联系我',
  '刚下班，来晚了',
  'love the colours',
  '进来就走神了，太治愈',
  'Whatsapp me for a better price',
  '请问链接在哪里',
  'greetings from Chengdu 🎹',
  '我这里有点卡，大家呢',
  'you are not an idiot, the manual is just bad',
  '刷粉，一百个十块',
  '明天还播吗',
  'best stream this week',
  '加群领资料，先到先得',
  '求主播看看我',
];

export const APPEAL = '我没有骂人，是我弟弟拿我手机发的，请核实一下，谢谢。';
