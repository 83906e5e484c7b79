/** Writes `.env.example` and docs/settings.md (.zh-CN.md) from the settings of src/config. */
import type { Group, Setting } from '../../src/config/setting';
import { GROUPS } from '../../src/config/settings';

type Language = 'en' | 'zh';

const HEAD = `# Copy to .env and replace the xxx. Everything else has a default, given here; lines that begin with # are not read.
# 复制为 .env 并替换 xxx。其他配置都有默认值（如下所示），以 # 开头的行不生效。
# Made from src/config by \`npm run docs\`. 由 \`npm run docs\` 从 src/config 生成。
`;

const WIDTH = 118;
const REQUIRED = /^x+$/;

/** A setting that is in two groups is shown in the first only. */
function groups(): [Group, Setting<unknown>[]][] {
  const seen = new Set<string>();
  return Object.values(GROUPS).map((group: Group) => {
    const fresh = Object.values(group.settings).filter(({ name }) => !seen.has(name));
    for (const { name } of fresh) seen.add(name);
    return [group, fresh];
  });
}

/** English is broken between words to the width of the file; Chinese has no such places and stays. */
function comment(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return `${lines.join('\n')}\n`;
}

function entry({ name, shown, about }: Setting<unknown>): string {
  const line = REQUIRED.test(shown) ? `${name}=${shown}` : `#${name}=${shown}`;
  return `${comment(about.en)}# ${about.zh}\n${line}\n`;
}

/** Read by sls deploy on this computer; no setting of the service. */
const DEPLOYER = `# --- The API key that npx sls deploy uses: https://console.cloud.tencent.com/cam/capi
# --- npx sls deploy 使用的 API 密钥
# Three keys are easily confused. TENCENT_SECRET_ID and TENCENT_SECRET_KEY: for deploying, stay on this computer.
# TRTC_SECRET_ID and TRTC_SECRET_KEY: of the running service, to end rooms in TRTC; deployed with it (a role is better).
# TRTC_TIM_SECRET: of the TRTC application, signs UserSigs; no API key at all.
# 三种密钥容易混淆：TENCENT_SECRET_ID/KEY 属于部署者，只留在本机；TRTC_SECRET_ID/KEY 供运行中的服务结束 TRTC 房间，会随服务部署（用角色更好）；TRTC_TIM_SECRET 是 TRTC 应用的密钥，用来签发 UserSig，不是 API 密钥。
#TENCENT_SECRET_ID=
#TENCENT_SECRET_KEY=
`;

export function createEnvExample(): string {
  const parts = groups().map(([{ title, note }, settings]) => {
    const head = `# --- ${title.en}\n# --- ${title.zh}\n${note ? `${comment(note.en)}# ${note.zh}\n` : ''}`;
    return `${head}${settings.map(entry).join('')}`;
  });
  return [HEAD, ...parts, DEPLOYER].join('\n');
}

const WORDS = {
  en: {
    title: 'Settings',
    intro:
      'Every setting of the service: variables of the environment, or lines of `.env` at the root. Made from `src/config` by `npm run docs`, as `.env.example` is.\n\nA value that is not allowed stops `npm start` with the list of everything that is wrong; in the cloud every answer says it, and `sls deploy` says it before. A variable that is nearly the name of a setting, or that has no effect without another one, is reported in the log and at the start. `sls deploy` passes on all of these but the ones marked *local*.',
    columns: ['setting', 'default', 'allowed', 'meaning'],
    required: 'required',
    none: '–',
    local: 'Local.',
    secret: 'Secret.',
    needs: (name: string) => `Only with \`${name}\`.`,
    conflicts: (name: string) => `Conflicts with \`${name}\`.`,
  },
  zh: {
    title: '配置',
    intro:
      '服务的全部配置：环境变量，或根目录 `.env` 中的行。与 `.env.example` 一样，由 `npm run docs` 从 `src/config` 生成。\n\n不允许的值会让 `npm start` 停止并列出全部问题；在云端则每个响应都会说明，`sls deploy` 会在部署前说明。与某项配置名称相近的变量，或缺少另一项而不起作用的变量，会在日志和启动时报告。除标注“本机”的以外，`sls deploy` 会传给函数。',
    columns: ['配置', '默认值', '取值', '含义'],
    required: '必填',
    none: '–',
    local: '本机。',
    secret: '机密。',
    needs: (name: string) => `仅与 \`${name}\` 一起有效。`,
    conflicts: (name: string) => `不能与 \`${name}\` 同时设置。`,
  },
} as const;

function row({ name, shown, range, about }: Setting<unknown>, language: Language): string {
  const words = WORDS[language];
  const fallback = REQUIRED.test(shown) ? words.required : shown === '' ? words.none : `\`${shown}\``;
  // A text may end with an address; Chinese notes follow without a space.
  const meaning = language === 'zh' && !about.zh.endsWith('。') ? `${about.zh}。` : about[language];
  const notes = [
    meaning,
    ...(about.secret ? [words.secret] : []),
    ...(about.local ? [words.local] : []),
    ...(about.needs ? [words.needs(about.needs)] : []),
    ...(about.conflicts ? [words.conflicts(about.conflicts)] : []),
  ];
  const text = notes
    .join(language === 'en' ? ' ' : '')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;');
  return `| \`${name}\` | ${fallback} | ${range[language]} | ${text} |`;
}

export function createSettings(language: Language): string {
  const words = WORDS[language];
  const parts = groups().map(([{ title, note }, settings]) =>
    [
      `## ${title[language]}`,
      ...(note ? ['', note[language]] : []),
      '',
      `| ${words.columns.join(' | ')} |`,
      '| --- | --- | --- | --- |',
      ...settings.map((setting) => row(setting, language)),
    ].join('\n'),
  );
  return `# ${words.title}\n\n${words.intro}\n\n${parts.join('\n\n')}\n`;
}
