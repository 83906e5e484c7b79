/** Adding words by hand or from a file, and writing them to one. */
import { type Signal, signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { number } from '../../shared/format';
import { translator } from '../../shared/language';
import { Field, Select } from '../../shared/parts';
import { call } from '../api';
import { outcome, question } from '../dialog';
import type { Detail, Page, Word } from '../types';
import { actionText } from './word-action';
import { type FileFormat, type ListedWord, readWords, WORD_ACTIONS, writeWords } from './word-file';

const t = translator({
  add: ['Add words', '添加词'],
  words: ['Words, one a line', '词，每行一个'],
  wordsHint: [
    'Up to 64 characters each. Other spellings of a word (case, spaces, traditional characters) are found too.',
    '每个词最多 64 个字符。大小写、空格、繁体等其他写法也会命中。',
  ],
  action: ['Action', '处理方式'],
  tag: ['Tag', '标签'],
  tagHint: ['For your own order; may be empty.', '供自己分类，可以为空。'],
  refuse: ['The message is not sent; the sender sees the reason.', '消息不发送，发送者会看到原因。'],
  hold: ['The message waits 10 minutes for a verdict.', '消息等待审核，10 分钟后过期。'],
  mask: ['The message is sent with * in place of the word.', '词替换为 * 后发出。'],
  silent: ['Only the sender sees the message.', '只有发送者自己能看到该消息。'],
  allow: [
    'Hits inside of the word do not count: an allowed “cockpit” cancels a hit of “cock”.',
    '该词内部的命中无效：放行“女装修身”后，其中的“女装”不再命中。',
  ],
  import: ['Import words', '导入词'],
  importOne: ['Import', '导入'],
  file: [
    'File: one word a line, or CSV with the columns text, action, tag',
    '文件：每行一个词，或含 text、action、tag 列的 CSV',
  ],
  fileAction: ['Action where the file has none', '文件未注明时的处理方式'],
  reads: ['{1} words in the file: {2}.', '文件中有 {1} 个词：{2}。'],
  noFile: ['Choose a file.', '请选择文件。'],
  done: ['Added: {1}, changed: {2}.', '新增 {1} 个，修改 {2} 个。'],
  partly: ['Added: {1}, changed: {2}, refused: {3}.', '新增 {1} 个，修改 {2} 个，未接受 {3} 个。'],
  export: ['Export words', '导出词'],
  exportOne: ['Export', '导出'],
  format: ['Format', '格式'],
  csv: ['CSV with action and tag', 'CSV（含处理方式和标签）'],
  txt: ['Text, one word a line', '文本，每行一个词'],
  exportEffect: ['Saves all words of this tenant as a file.', '将本租户的全部词保存为文件。'],
  exported: ['Exported: {1}.', '已导出 {1} 个词。'],
});

/** Limit of one call. */
const MOST = 1_000;
const PAGE_SIZE = 200;

const actionOptions = () => WORD_ACTIONS.map((one) => [one, actionText(one)] as const);

interface Added {
  added: number;
  changed: number;
  refused: { text: string; detail: Detail }[];
}

/** Stores the words, those with the same action and tag in one call; stops at the first call that fails. */
async function store(words: readonly ListedWord[]): Promise<string> {
  const groups = Map.groupBy(words, ({ action, tag }) => JSON.stringify({ action, tag }));
  let [added, changed] = [0, 0];
  const refused: Added['refused'] = [];
  for (const [how, group] of groups) {
    for (let at = 0; at < group.length; at += MOST) {
      const part = group.slice(at, at + MOST).map(({ text }) => text);
      const result = await call<Added>('add_words', { ...JSON.parse(how), words: part });
      added += result.added;
      changed += result.changed;
      refused.push(...result.refused);
    }
  }
  const [first] = refused;
  if (!first) return t('done', number(added), number(changed));
  const { en, zh } = first.detail;
  // Runs after the dialog has shown its outcome.
  const text = () => t('partly', number(added), number(changed), number(refused.length));
  queueMicrotask(() => {
    outcome.value = { good: false, text, detail: { en: `${first.text}: ${en}`, zh: `${first.text}：${zh}` } };
  });
  return text();
}

function Effect({ action }: { action: Signal<Word['action']> }) {
  return (
    <p class="effect" data-test="effect" aria-live="polite">
      {t(action.value)}
    </p>
  );
}

function Lines({ value }: { value: Signal<string> }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t('words')}</label>
      <textarea
        id={id}
        name="words"
        data-test="words"
        rows={6}
        required
        dir="auto"
        spellcheck={false}
        aria-describedby={`${id}-hint`}
        value={value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
      <p class="hint" id={`${id}-hint`}>
        {t('wordsHint')}
      </p>
    </div>
  );
}

export function askAdd(after: () => void): void {
  const lines = signal('');
  const action = signal<Word['action']>('refuse');
  const tag = signal('');
  question.value = {
    title: t('add'),
    word: t('add'),
    after,
    body: () => (
      <>
        <Lines value={lines} />
        <Select label={t('action')} name="action" value={action} options={actionOptions()} />
        <Field label={t('tag')} name="tag" value={tag} hint={t('tagHint')} />
        <Effect action={action} />
      </>
    ),
    // A line in front: the word “text” in the first line would be the head of a CSV.
    run: () => store(readWords(`\n${lines.value}`, action.value).map((one) => ({ ...one, tag: tag.value.trim() }))),
  };
}

function summary(words: readonly ListedWord[]): string {
  const counts = WORD_ACTIONS.map((one) => [one, words.filter(({ action }) => action === one).length] as const);
  const parts = counts.filter(([, count]) => count > 0).map(([one, count]) => `${actionText(one)} ${number(count)}`);
  return t('reads', number(words.length), parts.join(', '));
}

function FileField({ text }: { text: Signal<string | undefined> }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t('file')}</label>
      <input
        id={id}
        type="file"
        name="file"
        data-test="file"
        accept=".txt,.csv,text/plain,text/csv"
        required
        onChange={async (event) => {
          text.value = await event.currentTarget.files?.[0]?.text();
        }}
      />
    </div>
  );
}

export function askImport(after: () => void): void {
  const text = signal<string | undefined>(undefined);
  const action = signal<Word['action']>('refuse');
  const read = () => readWords(text.value ?? '', action.value);
  question.value = {
    title: t('import'),
    word: t('importOne'),
    after,
    body: () => (
      <>
        <FileField text={text} />
        <Select label={t('fileAction')} name="action" value={action} options={actionOptions()} />
        <p class="effect" data-test="effect" aria-live="polite">
          {text.value === undefined ? t('noFile') : summary(read())}
        </p>
      </>
    ),
    run: () => store(read()),
  };
}

async function allWords(): Promise<Word[]> {
  const words: Word[] = [];
  for (let cursor = ''; ; ) {
    const page = await call<Page<Word>>('words', { limit: PAGE_SIZE, ...(cursor && { cursor }) });
    words.push(...page.items);
    cursor = page.cursor;
    if (cursor === '') return words;
  }
}

function save(text: string, format: FileFormat): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: format === 'csv' ? 'text/csv' : 'text/plain' }));
  link.download = `words.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function askExport(): void {
  const format = signal<FileFormat>('csv');
  question.value = {
    title: t('export'),
    word: t('exportOne'),
    body: () => (
      <>
        <Select
          label={t('format')}
          name="format"
          value={format}
          options={[
            ['csv', t('csv')],
            ['txt', t('txt')],
          ]}
        />
        <p class="effect">{t('exportEffect')}</p>
      </>
    ),
    run: async () => {
      const words = await allWords();
      save(writeWords(words, format.value), format.value);
      return t('exported', number(words.length));
    },
  };
}
