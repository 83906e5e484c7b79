/** The changes in both languages: the same versions with their dates, the same number of entries, and this version first. */
import { version } from '../../package.json';
import { readPage } from './pages';

const chapters = (page: string) =>
  readPage(page)
    .split(/^## /m)
    .slice(1)
    .map((chapter) => [chapter.split('\n')[0], chapter.match(/^- /gm)?.length]);

const HEADS_OF_UNRELEASED = ['Unreleased', '未发布'];

test('say the same in both languages: unreleased changes, then this version with its date', () => {
  const [english, chinese] = [chapters('CHANGELOG.md'), chapters('CHANGELOG.zh-CN.md')];
  const counts = (list: typeof english) => list.map(([, entries]) => entries);
  expect(counts(chinese)).toEqual(counts(english));
  const released = (list: typeof english) =>
    list.map(([head]) => head).filter((head) => !HEADS_OF_UNRELEASED.includes(String(head)));
  expect(released(chinese)).toEqual(released(english));
  expect(released(english)[0]).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d{2}-\\d{2}\\)$`));
});
