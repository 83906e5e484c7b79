/**
 * Ordinary sentences of a live chat, more than a thousand of them in Chinese and English, and some in alphabets with letters that
 * look like Latin ones: none of them has a word of WORDS in it.
 */

/** Typical words of a list: advertising, gambling, insults. Some of them are parts of harmless words. */
export const WORDS: readonly string[] = [
  '加微信',
  '微信号',
  '赌博',
  '刷单',
  '代开发票',
  '裸聊',
  '六合彩',
  '下注',
  '办证',
  '高利贷',
  '傻瓜',
  '笨蛋',
  '滚蛋',
  '骗子',
  '外挂',
  '代练',
  '爸妈都死',
  '返利',
  '黄片',
  '加群领',
  'ass',
  'hit',
  'cum',
  'god',
  'sex',
  'scam',
  'tit',
  'rapist',
  'penis',
  'anal',
  'cock',
  'hell',
  'damn',
  'crap',
  'cas1no',
  'casino',
  'poker',
  'loan shark',
  'badword',
  'idiot',
  'spam',
  'rum',
  'coon',
  'dyke',
  'homo',
  'arse',
  'nig',
  'slag',
  'vx8',
  '888',
];

const EN = {
  who: ['my sister', 'the streamer', 'our teacher', 'the therapist', 'a classmate', 'Ms. Cocker', 'the assistant'],
  does: [
    'passed the class',
    'assessed the analysis',
    'cooked a good dinner',
    'plays the accordion',
    'grew up in Essex',
  ],
  when: ['on Tuesday', 'before the match', 'in Scunthorpe', 'at the cockpit tour', 'after the hello song'],
  praise: [
    'Good',
    'Great',
    'Glassy',
    'Classic',
    'Titanic',
    'Spamless but fun',
    'Shiny',
    'Passionate',
    'Godlike no, good',
  ],
  thing: [
    'sound',
    'assembly',
    'guitar solo',
    'document',
    'hellebore in the pot',
    'drumming',
    'raccoon clip',
    'canal tour',
  ],
  ask: [
    'When does the next song start',
    'Who wrote this passage',
    'Can you say hello to my class',
    'Is the title a homonym',
  ],
  polite: ['please', 'thanks', 'if that is fine', 'no hurry', 'from Middlesex with love'],
} as const;

const ZH = {
  who: ['主播', '我妈妈', '隔壁的老师', '小王', '楼上的朋友', '我们班长', '刚来的新人'],
  does: [
    '唱得真好听',
    '今天穿得很精神',
    '做的菜看着很香',
    '讲得特别清楚',
    '换了新的背景',
    '弹琴进步好大',
    '笑起来真好看',
  ],
  when: ['昨天晚上', '周末的时候', '放学以后', '吃完饭', '下雨天', '过年那几天', '上次直播'],
  feel: ['我很喜欢', '让人放松', '学到不少东西', '差点笑出眼泪', '心情好多了', '想再听一遍', '马上告诉了同事'],
  place: ['北京', '成都', '海边', '老家', '公园里', '图书馆', '厨房'],
  weather: ['下大雪', '刮风', '出太阳', '有点冷', '热得睡不着', '飘着小雨', '桂花开了'],
  ask: ['几点开播呀', '这首歌叫什么名字', '能不能再来一遍', '背景音乐是哪一首', '今天播到几点', '下次什么时候来'],
} as const;

/** Greetings, things that people say of a song, and goodbyes. */
const OTHERS: readonly (readonly (readonly string[])[])[] = [
  [
    ['Привет', 'Добрый вечер', 'Всем здравствуйте', 'Ух ты', 'Народ'],
    [
      'очень красивая песня',
      'мне нравится этот голос',
      'откуда вы родом',
      'соседка тоже смотрит',
      'кот спит на комоде',
    ],
    ['спасибо', 'до завтра', 'спокойной ночи', 'не скучайте', 'всего хорошего'],
  ],
  [
    ['Καλημέρα', 'Γεια σας', 'Καλησπέρα σε όλους', 'Ωραία', 'Παιδιά'],
    ['πολύ ωραίο τραγούδι', 'μου αρέσει η φωνή σου', 'από πού είσαι', 'το νησί είναι όμορφο', 'θα έρθω και αύριο'],
    ['ευχαριστώ', 'τα λέμε αύριο', 'καληνύχτα', 'με χαρά', 'χρόνια πολλά'],
  ],
  [
    ['Բարև ձեզ', 'Բարի երեկո', 'Ողջույն բոլորին', 'Հիանալի է', 'Ժողովուրդ'],
    ['շատ գեղեցիկ երգ է', 'ինձ դուր է գալիս ձայնդ', 'որտեղից եք', 'հունիսին ծովը տաք է', 'մեր տունը հեռու չէ'],
    ['շնորհակալություն', 'մինչ վաղը', 'բարի գիշեր', 'հաջողություն', 'ամենայն բարիք'],
  ],
  [
    ['ᎣᏏᏲ', 'ᎣᏍᏓ ᏒᎯᏱ', 'ᎣᏏᏲ ᏂᎦᏓ', 'ᎭᏩ', 'ᎣᏍᏓ'],
    ['ᏙᎯᏧ', 'ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ', 'ᎠᎹ ᎤᏱᏢ', 'ᎩᏟ ᎠᎴ ᏪᏌ', 'ᎦᎪ ᏕᏣᏙᎠ'],
    ['ᏩᏙ', 'ᏙᎾᏓᎪᎲᎢ', 'ᏍᏓᏯ', 'ᎣᏍᏓ ᎢᎦ', 'ᎭᏩᏍ'],
  ],
];
const FLAGS = ['🇨🇳', '🇺🇸🇨🇳', '🇸🇬 🇸🇧', '🇨🇳🇨🇳🇨🇳', '🅿️', '🆎'] as const;

function all(parts: readonly (readonly string[])[], write: (...words: string[]) => string): string[] {
  const rows = parts.reduce<string[][]>(
    (made, part) => made.flatMap((row) => part.map((word) => [...row, word])),
    [[]],
  );
  return rows.map((row) => write(...row));
}

export const SENTENCES: readonly string[] = [
  ...all([EN.who, EN.does, EN.when], (who, does, when) => `I heard ${who} ${does} ${when}.`),
  ...all([EN.praise, EN.thing, EN.polite], (praise, thing, polite) => `${praise} ${thing}, ${polite}!`),
  ...all([EN.ask, EN.polite, EN.who], (ask, polite, who) => `${ask}, ${polite}? Asks ${who}.`),
  ...all([ZH.when, ZH.who, ZH.does, ['，真的', '！']], (when, who, does, end) => `${when}${who}${does}${end}`),
  ...all([ZH.place, ZH.weather, ZH.feel], (place, weather, feel) => `${place}今天${weather}，${feel}。`),
  ...all([ZH.ask, ZH.who], (ask, who) => `${who}，${ask}？`),
  ...OTHERS.flatMap((parts) => [
    ...all(parts, (hello, what, bye) => `${hello}! ${what}, ${bye}`),
    ...all(parts, (hello, what, bye) => `${hello}! ${what}, ${bye}`.toUpperCase()),
  ]),
  ...all([FLAGS, EN.who, EN.when], (flag, who, when) => `${flag} ${who} was there ${when} ${flag}`),
];
