/** The changes in both languages: the same versions with their dates, the same number of entries, and this version first. */
import { version } from '../../package.json';
import { readPage } from './pages';

const chapters = (page: string) =>
  readPage(page)
    .split(/^## /m)
    .slice(1)
    .map((chapter) => [chapter.split('\n')[0], chapter.match(/^- /gm)?.length]);

test('say the same in both languages, dated, of this version first', () => {
  const english = chapters('CHANGELOG.md');
  expect(chapters('CHANGELOG.zh-CN.md')).toEqual(english);
  expect(english[0]?.[0]).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d{2}-\\d{2}\\)$`));
});
