/** The tenant's words: searched, added, removed, as files, and tried out on a text. */
import { AddIcon, OutIcon, WordsIcon } from '../../shared/icons';
import { translator } from '../../shared/language';
import { Empty, Field, Select, Time, UserText } from '../../shared/parts';
import { call, may } from '../api';
import { Bar } from '../bulk';
import { question } from '../dialog';
import { useDetail, useList } from '../list';
import { ListScreen } from '../list-screen';
import { useParam } from '../params';
import { Filters } from '../screen';
import { type Column, useChosen } from '../table';
import type { ReviewSettings, Word } from '../types';
import { TryText } from './try-text';
import { ActionPill, actionText } from './word-action';
import { WORD_ACTIONS } from './word-file';
import { askAdd, askExport, askImport } from './word-forms';

const t = translator({
  title: ['Words', '词库'],
  word: ['Word', '词'],
  action: ['Action', '处理方式'],
  all: ['All', '全部'],
  tag: ['Tag', '标签'],
  by: ['Added by', '添加人'],
  at: ['Added', '添加时间'],
  search: ['Search', '搜索'],
  searchHint: ['part of a word', '词中包含的文字'],
  add: ['Add words', '添加词'],
  import: ['Import', '导入'],
  export: ['Export', '导出'],
  remove: ['Remove', '删除'],
  removeTitle: ['Remove words: {1} selected', '删除词：已选择 {1} 个'],
  removeEffect: [
    'The words no longer stop any text. All processes follow within two seconds.',
    '所选的词不再生效，两秒内在所有进程生效。',
  ],
  removed: ['Removed: {1}.', '已删除 {1} 个词。'],
  none: ['No words yet.', '词库为空'],
  noneHint: [
    'No list is shipped. Add words, or import a file with one word a line.',
    '系统不附带词库。可以直接添加，或导入每行一个词的文件。',
  ],
  off: [
    'Review is off, so the words apply to titles, descriptions and names only, not at chat messages.',
    '审核未开启，词库只检查标题、简介和昵称，不检查聊天消息。',
  ],
});

const columns = (): readonly Column<Word>[] => [
  { head: t('word'), grow: true, cell: ({ text }) => <UserText text={text} /> },
  { head: t('action'), cell: ({ action }) => <ActionPill action={action} /> },
  { head: t('tag'), wide: true, cell: ({ tag }) => <UserText text={tag || '–'} class="soft" /> },
  { head: t('by'), wide: true, cell: ({ by }) => <UserText text={by} /> },
  { head: t('at'), wide: true, cell: ({ createUtc }) => <Time text={createUtc} /> },
];

const keyOf = ({ wordId }: Word) => wordId;

function askRemove(wordIds: readonly string[], after: () => void): void {
  question.value = {
    title: t('removeTitle', wordIds.length),
    word: t('remove'),
    danger: true,
    after,
    body: () => (
      <p class="effect" data-test="effect">
        {t('removeEffect')}
      </p>
    ),
    run: async () => t('removed', (await call<{ removed: number }>('remove_words', { wordIds })).removed),
  };
}

function Tools({ refresh }: { refresh: () => void }) {
  return (
    <>
      <button type="button" class="quiet" data-test="export" aria-label={t('export')} onClick={askExport}>
        <OutIcon /> <span>{t('export')}</span>
      </button>
      {may('manage') && (
        <>
          <button type="button" data-test="import" onClick={() => askImport(refresh)}>
            {t('import')}
          </button>
          <button type="button" class="primary" data-test="add" onClick={() => askAdd(refresh)}>
            <AddIcon /> {t('add')}
          </button>
        </>
      )}
    </>
  );
}

export function Words() {
  const search = useParam('search', '');
  const action = useParam<'' | Word['action']>('action', '', ['', ...WORD_ACTIONS]);
  const tag = useParam('tag', '');
  const params = { search: search.value.trim(), action: action.value, tag: tag.value.trim() };
  const list = useList<Word>('words', params);
  const { data: settings } = useDetail<ReviewSettings>('review_settings', {});
  const chosen = useChosen(list.items, keyOf);
  const acting = may('manage');
  const used = Number(action.value !== '') + Number(tag.value !== '');
  const narrowed = used > 0 || search.value !== '';
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columns()}
      keyOf={keyOf}
      empty={narrowed ? undefined : <Empty icon={<WordsIcon />} title={t('none')} hint={t('noneHint')} />}
      choosing={acting ? { chosen, nameOf: ({ text }) => text } : undefined}
      tools={<Tools refresh={list.refresh} />}
    >
      {settings?.enabled === false && <p class="notice warn">{t('off')}</p>}
      {/* The result depends on the list: a change is tried out as soon as it is stored. */}
      <TryText list={list.at} />
      <Filters
        used={used}
        search={<Field label={t('search')} name="search" type="search" value={search} placeholder={t('searchHint')} />}
      >
        <Select
          label={t('action')}
          name="action"
          value={action}
          options={[['', t('all')], ...WORD_ACTIONS.map((one) => [one, actionText(one)] as const)]}
        />
        <Field label={t('tag')} name="tag" value={tag} />
      </Filters>
      {acting && (
        <Bar chosen={chosen}>
          <button
            type="button"
            class="small danger"
            data-test="bulk-remove"
            onClick={() => askRemove([...chosen.value], list.refresh)}
          >
            {t('remove')}
          </button>
        </Bar>
      )}
    </ListScreen>
  );
}
