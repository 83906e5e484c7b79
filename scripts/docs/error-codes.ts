/** docs/error-codes.md: every code with its meaning and remedy, in one language. */
import { ALL_ERRORS } from './endpoints';

const HEAD = {
  en: ['# Error codes', 'Made from the contract by `npm run docs`.', '| Code | Name | Meaning | What to do |'],
  zh: ['# 错误码', '由 `npm run docs` 从接口定义生成。', '| 错误码 | 名称 | 含义 | 处理方法 |'],
} as const;

const cell = (text: string) => text.replaceAll('|', '\\|');

export function createErrorCodes(language: 'en' | 'zh'): string {
  const [title, note, columns] = HEAD[language];
  const rows = ALL_ERRORS.map(
    ({ code, name, text, remedy }) => `| ${code} | ${name} | ${cell(text[language])} | ${cell(remedy[language])} |`,
  );
  return [title, '', note, '', columns, '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
