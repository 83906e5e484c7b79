/** The documents of the repository and the blocks of code in them, with the comment before each of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root: string = join(__dirname, '../..');
export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8');

const inFolder = (folder: string) => readdirSync(join(root, folder)).map((name) => join(folder, name));

export const PAGES: readonly string[] = [
  ...readdirSync(root),
  ...['docs', 'client', 'examples', 'collection'].flatMap(inFolder),
].filter((name) => name.endsWith('.md'));

export interface Block {
  page: string;
  /** '' if the fence names none. */
  language: string;
  /** The text of the comment right before the fence, '' if there is none. */
  mark: string;
  text: string;
}

export function blocksOf(page: string): Block[] {
  const found = readPage(page).matchAll(/(?:<!-- ([^\n]*) -->\n)? *```(\w*)\n([\s\S]*?)```/g);
  return [...found].map(([, mark = '', language = '', text = '']) => ({ page, language, mark, text }));
}

/** The same page in the other language, if there are two. */
export const inChinese = (page: string): string | undefined =>
  PAGES.find((other) => other === page.replace(/\.md$/, '.zh-CN.md') && other !== page);

/** The one block of a page that is marked as tested by this name. */
export function testedBlock(page: string, name: string): string {
  const [block, ...others] = blocksOf(page).filter(({ mark }) => mark === `tested: ${name}`);
  if (!block || others.length > 0) throw new Error(`${page} has not one block named ${name}`);
  return block.text;
}
